"""The demo accounts of local mode: fixed ids, so that every service's seed can refer to them."""

from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import SecretStr

from shared.contracts.sign_in import Role

CUSTOMER_EMAILS = ("customer-a@example.test", "customer-b@example.test")
OPERATOR_EMAILS = {
    Role.ADMIN: "admin@example.test",
    Role.OPERATOR: "operator@example.test",
    Role.VIEWER: "viewer@example.test",
}
PASSWORD = SecretStr("countersign-demo")


def demo_account_id(email: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"countersign:demo-account:{email}")
