"""Structured logs: one JSON object a line, correlation id added by itself, secrets redacted."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from shared.correlation import current_correlation_id
from shared.redaction import redact_event


def configure_logs(*, service: str, level: str) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _stamp(service),
            structlog.processors.format_exc_info,
            redact_event,
            structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    _quieten_libraries()


def get_logger() -> structlog.stdlib.BoundLogger:
    return structlog.get_logger()


def _stamp(service: str) -> structlog.typing.Processor:
    def add(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["service"] = service
        event["correlation_id"] = str(current_correlation_id())
        return event

    return add


def _quieten_libraries() -> None:
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for name in ("aiohttp", "uvicorn.access", "procrastinate", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
