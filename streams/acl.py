"""What an agency's program may do in Kafka: read its own topic, in groups of its own, and nothing else.

Kafka's authorizer denies what no rule allows. Programs of agencies come in by a listener that asks who they are (SASL);
the system itself uses one for the inside network, where it is a super user.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest

from ioc.agencies.scope import topic_of
from streams.names import topic_name

#: As Kafka's protocol numbers them.
RESOURCES = {"topic": 2, "group": 3}
PATTERNS = {"literal": 3, "prefixed": 4}
OPERATIONS = {"Read": 3, "Describe": 8}
ALLOW = 3


class NotTaken(Exception):
    """Kafka does not take a rule; the message says why, and what to do."""


class Rule(NamedTuple):
    """One thing that somebody may do."""

    principal: str
    resource: str
    name: str
    pattern: str
    operation: str

    def command(self, bootstrap: str) -> str:
        """The same in the words of Kafka's own tool."""
        return (
            f"kafka-acls.sh --bootstrap-server {bootstrap} --add --allow-principal {self.principal} "
            f"--operation {self.operation} --{self.resource} {self.name} --resource-pattern-type {self.pattern}"
        )


def rules(space: str, agencies: Iterable[str]) -> Iterator[Rule]:
    """For each agency the least that its program needs; it signs in as ``agency-<id>``."""
    for agency in agencies:
        user = f"agency-{agency}"
        for operation in OPERATIONS:
            yield Rule(f"User:{user}", "topic", topic_name(space, topic_of(agency)), "literal", operation)
        # Ids have no dots: no agency's groups begin like another's.
        yield Rule(f"User:{user}", "group", f"{user}.", "prefixed", "Read")


async def apply(bootstrap: str, wanted: Iterable[Rule]) -> int:
    """Set the rules, each of which may be there already; returns how many. Raises NotTaken, OSError."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    count = 0
    try:
        for rule in wanted:
            request = CreateAclsRequest(
                RESOURCES[rule.resource], rule.name, PATTERNS[rule.pattern], rule.principal, "*",
                OPERATIONS[rule.operation], ALLOW,
            )  # fmt: skip
            reply = await admin._send_request(request)  # the client has no method of its own for these
            for code, message in reply.creation_responses:
                if code:
                    raise NotTaken(
                        f"{rule.principal} on {rule.name}: {for_code(code).__name__} {message or ''}".strip()
                    )
            count += 1
    finally:
        await admin.close()
    return count
