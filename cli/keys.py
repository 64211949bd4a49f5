"""`countersign keys`: make the services' keys, rotate them, re-wrap the vaults."""

import subprocess
from enum import StrEnum

import typer

from cli.console import console, done
from cli.stack.errors import StackError
from cli.stack.home import make_home
from cli.stack.keys import KEY_PLAN, make_missing_keys, rotate_key_encryption_key
from cli.stack.keys import rotate as rotate_key
from cli.stack.running import reachable_databases
from cli.stack.services import rewrap
from cli.stack.settings import load_settings
from shared.keys import Issuer, Purpose

app = typer.Typer(help="Make, rotate and re-wrap keys.", no_args_is_help=True)


class Vault(StrEnum):
    CP = "cp"
    PP = "pp"


@app.command()
def init() -> None:
    """Make every key that is missing, and trust its public half."""
    home = make_home(load_settings().home)
    made = make_missing_keys(home.keys, trust_file=home.trust_file)
    for kid in made:
        done(f"made {kid}")
    if not made:
        done("all keys are there")


@app.command()
def rotate(issuer: Issuer, purpose: Purpose) -> None:
    """Make a new signing key and trust it; what the old one signed stays valid."""
    if purpose not in KEY_PLAN[issuer]:
        known = ", ".join(KEY_PLAN[issuer])
        raise StackError(f"{issuer} has no {purpose} key; it has: {known}")
    home = make_home(load_settings().home)
    if not home.trust_file.exists():
        raise StackError(f"there are no keys in {home.root} yet: run `countersign keys init`")
    key = rotate_key(home.keys, trust_file=home.trust_file, issuer=issuer, purpose=purpose)
    done(f"made and trusted {key.kid}")
    console.print(f"  Restart {issuer} to sign with it. Older {issuer} {purpose} keys stay trusted.")


@app.command("rewrap")
def rewrap_vault(vault: Vault) -> None:
    """Make a new key-encryption key and wrap every record of a vault with it; safe to stop and repeat."""
    settings = load_settings()
    home = make_home(settings.home)
    with reachable_databases(settings, home=home) as urls:
        version = rotate_key_encryption_key(home.keys, owner=Issuer(vault))
        job = rewrap(settings.ports, home=home, urls=urls, name=vault)
        with console.status(f"re-wrapping the {vault} vault"):
            finished = subprocess.run(  # noqa: S603  our own module
                job.command, env=dict(job.environment), capture_output=True, text=True, check=False
            )
    if finished.returncode:
        reason = (finished.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise StackError(f"the {vault} vault was not re-wrapped to the end, run it again: {reason}")
    done(f"key-encryption key {version} is active; {finished.stdout.strip()}")
