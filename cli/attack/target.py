"""What is attacked: the addresses of a running stack, and what an insider could steal from its home folder."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from cli.stack.errors import StackError
from cli.stack.home import Home
from cli.stack.passwords import load_or_make_passwords
from cli.stack.postgres import admin_url
from cli.stack.running import running_stack_of
from shared.keys import Issuer, Purpose, SigningKey, load_signing_key


@dataclass(frozen=True, slots=True)
class Target:
    """`server_url` is a superuser's way into the local database."""

    cp_url: str
    pp_url: str
    gateway_url: str
    plant_url: str
    sandbox_url: str
    keys: Path
    trust_file: Path
    logs: Path
    server_url: str = field(repr=False)

    def stolen_key(self, issuer: Issuer, purpose: Purpose) -> SigningKey:
        return load_signing_key(self.keys / issuer, issuer=issuer, purpose=purpose)

    def database_url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.server_url)._replace(path=f"/{name}"))


def find_target(home: Home) -> Target:
    """Raises: StackError when no stack runs on the home, or its database is not the embedded one."""
    stack = running_stack_of(home)
    if stack.postgres_port is None or not home.passwords.exists():
        raise StackError("attacks need a stack with its own local database: unset COUNTERSIGN_*_DATABASE_URL")
    passwords = load_or_make_passwords(home.passwords, data_exists=True)
    return Target(
        cp_url=stack.addresses["cp"],
        pp_url=stack.addresses["pp"],
        gateway_url=stack.addresses["gateway"],
        plant_url=stack.addresses["plant"],
        sandbox_url=stack.addresses["sandbox"],
        keys=home.keys,
        trust_file=home.trust_file,
        logs=home.logs,
        server_url=admin_url(port=stack.postgres_port, password=passwords.superuser),
    )
