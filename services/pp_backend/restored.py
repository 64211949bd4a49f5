"""Makes the platform portal safe after a restore: `python -m pp_backend.restored <when the backup was taken>`."""

from pp_backend.approval_proposals.actions import end_waiting
from pp_backend.settings import PpSettings
from shared.logs import configure_logs
from shared.portal_restored import make_portal_safe
from shared.start import settings_at_start


def main() -> None:
    settings = settings_at_start(PpSettings)
    configure_logs(service="pp", level=settings.log_level)
    make_portal_safe(settings.config(), also=end_waiting)


if __name__ == "__main__":
    main()
