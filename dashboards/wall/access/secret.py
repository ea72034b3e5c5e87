"""Secrets that are given out once and kept as hashes."""

import hashlib
import secrets

#: Signs that nobody mistakes for one another when a code is read aloud and typed with a remote control.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def new_code(groups: int = 2, signs: int = 4) -> str:
    """Signs in groups, as in ``7KQM-2F9D``: 39 bits, for what is used once within minutes."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(signs)) for _ in range(groups))


def new_password() -> str:
    """78 bits that a person can copy from a terminal."""
    return new_code(groups=4).lower()


def kept(secret: str) -> str:
    """What is stored of a long random secret: it needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same_code(typed: str) -> str:
    """A code as it is stored, however it was typed."""
    plain = "".join(sign for sign in typed.upper() if sign in SIGNS)
    return kept(plain)
