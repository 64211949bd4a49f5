"""Starts the sandbox: `python -m sandbox`, host and port from the settings."""

import uvicorn

from sandbox.app import create_app
from sandbox.connection import HangUpProtocol
from sandbox.settings import SandboxSettings

SHUTDOWN_S = 1

KEEP_ALIVE_S = 75
"""Longer than clients keep idle connections, so that no connection closes but by a planted fault."""


def main() -> None:
    settings = SandboxSettings()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        http=HangUpProtocol,
        ws="none",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )


if __name__ == "__main__":
    main()
