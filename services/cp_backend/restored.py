"""Makes the customer portal safe after a restore: `python -m cp_backend.restored <when the backup was taken>`."""

from cp_backend.settings import CpSettings
from shared.logs import configure_logs
from shared.portal_restored import make_portal_safe
from shared.start import settings_at_start


def main() -> None:
    settings = settings_at_start(CpSettings)
    configure_logs(service="cp", level=settings.log_level)
    make_portal_safe(settings.config())


if __name__ == "__main__":
    main()
