"""Taking in the tokens that Plant has renewed at a platform, in place of the ones that it used up.

Bound to the version that they follow: what is delivered twice, or later than its owner's own change, changes
nothing. The account stays the same, so approvals that were given for it hold. Every delivery is on record.
"""

from shared.contracts.vault import CredentialRefresh, CredentialRefreshed
from shared.db import TenantSession
from shared.denials import DenialReason
from shared.errors import denied, not_allowed
from shared.identity import Identity
from shared.ids import CustomerId
from shared.logs import get_logger
from shared.refresh_format import RefreshRefusedError, open_refresh
from shared.vault import store
from shared.vault.actions import Vault, seal_record
from shared.vault.bundles import check_is_plant, decrypt, derive_renewal_key
from shared.vault.envelope import EnvelopeError
from shared.vault.model import CredentialKind, RefreshOutcome, SealedCredential, Submitted
from shared.vault.platforms import submitted_tokens


async def take_refresh(vault: Vault, request: CredentialRefresh, *, caller: Identity) -> CredentialRefreshed:
    """Raises: PlatformError 403: `credential_unavailable` also for a credential of somebody else; `not_allowed`
    for what is not sealed to the record, or not by Plant.
    """
    check_is_plant(caller, customer_id=request.customer_id)
    customer_id = CustomerId(request.customer_id)
    async with vault.database.tenant(customer_id) as session:
        present = await store.find_sealed(session, credential_ref=request.credential_ref)
    renewed = await _renewed(vault, request, present)
    async with vault.database.tenant(customer_id) as session:
        outcome = renewed if isinstance(renewed, RefreshOutcome) else await _replace(session, *renewed)
        await store.insert_refresh(
            session, credential_ref=request.credential_ref, version=request.version, outcome=outcome
        )
    get_logger().info("vault.refresh", credential_ref=request.credential_ref, outcome=outcome)
    return _answer(outcome)


async def _renewed(
    vault: Vault, request: CredentialRefresh, present: SealedCredential | None
) -> RefreshOutcome | tuple[SealedCredential, Submitted]:
    """Open what was handed in and seal it as the version after the present one."""
    if present is None or present.kind is not CredentialKind.PLATFORM:
        return RefreshOutcome.UNAVAILABLE
    if present.version != request.version:
        return RefreshOutcome.STALE
    try:
        key = await derive_renewal_key(vault, present)
        contents = open_refresh(request, key=key, audience=vault.issuer, trust=vault.trust)
        before = await decrypt(vault, present)
    except (EnvelopeError, RefreshRefusedError) as error:
        get_logger().warning("vault.refresh_refused", credential_ref=request.credential_ref, error=str(error))
        return RefreshOutcome.INVALID
    submitted = submitted_tokens(
        present.provider,
        access_token=contents.access_token,
        refresh_token=contents.refresh_token,
        posting_identity=before["posting_identity"],
    )
    sealed = await seal_record(
        vault,
        submitted,
        credential_ref=present.credential_ref,
        customer_id=present.customer_id,
        version=present.version + 1,
    )
    return sealed, submitted


async def _replace(session: TenantSession, sealed: SealedCredential, submitted: Submitted) -> RefreshOutcome:
    is_replaced = await store.replace_tokens(session, sealed, last4=submitted.last4)
    return RefreshOutcome.APPLIED if is_replaced else RefreshOutcome.STALE


def _answer(outcome: RefreshOutcome) -> CredentialRefreshed:
    if outcome is RefreshOutcome.UNAVAILABLE:
        raise denied(DenialReason.CREDENTIAL_UNAVAILABLE)
    if outcome is RefreshOutcome.INVALID:
        raise not_allowed("The tokens are not sealed to this credential by Plant.")
    return CredentialRefreshed(applied=outcome is RefreshOutcome.APPLIED)
