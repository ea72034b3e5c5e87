"""A key lies where Kafka's other clients put it."""

from aiokafka.partitioner import murmur2 as theirs
from hypothesis import given
from hypothesis import strategies as st

from ioc.partitioner import murmur2, partition_of


@given(st.binary(max_size=40))
def test_the_hash_is_that_of_kafkas_clients(key: bytes) -> None:
    assert murmur2(key) == theirs(key) & 0xFFFFFFFF


@given(st.binary(max_size=40), st.integers(1, 50))
def test_a_partition_is_one_of_those_there_are(key: bytes, partitions: int) -> None:
    assert partition_of(key, partitions) == (theirs(key) & 0x7FFFFFFF) % partitions
