"""Files that people write, in TOML: read, or refused with the place and what is wrong."""

import tomllib
from pathlib import Path
from typing import Any


def read(path: Path, wrong: type[Exception], absent: str) -> dict[str, Any]:
    """What a file says. Raises ``wrong`` where it cannot be read; ``absent`` says what to do where there is none."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise wrong(f"{path}: {absent}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise wrong(f"{path}: not TOML: {error}") from None
    except OSError as error:
        raise wrong(f"{path}: {error.strerror}") from None
