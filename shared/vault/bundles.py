"""Releasing a credential to Plant: the only place that decrypts one, called by the internal bundle route.

An `execute` bundle needs a live approval of an action on that very account, and the first release binds
the approval to one execution. A `refresh` bundle alone has a refresh token in it, and goes to one caller at
a time. Every request is stored, granted or not, before it is answered.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.approvals.claims import ApprovalClaims
from shared.approvals.register import find_withdrawal
from shared.approvals.verify import ApprovalRefusedError, verify_approval
from shared.bundle_format import ALGORITHMS, JWE_TYP, MAX_LIFETIME_S, TYP
from shared.clock import utc_now
from shared.contracts.vault import BundlePurpose, BundleRequest, SealedBundle
from shared.db import TenantSession
from shared.denials import DenialReason
from shared.errors import FieldError, denied, invalid_fields, not_allowed, unavailable
from shared.identity import ActorType, Identity
from shared.ids import CustomerId
from shared.keys import Issuer
from shared.logs import get_logger
from shared.metrics import VAULT_RELEASES
from shared.tokens import sign
from shared.vault import store
from shared.vault.actions import Vault
from shared.vault.envelope import EnvelopeError, derive_key, record_context, unseal
from shared.vault.model import CredentialKind, Release, SealedCredential

_ISSUED_WITHIN_S = 1  # an approval says the second
_REFRESH_LEASE = timedelta(seconds=MAX_LIFETIME_S)


@dataclass(frozen=True, slots=True)
class _Decision:
    """Either a reason to refuse, or what to seal."""

    reason: DenialReason | None
    sealed: SealedCredential | None = None
    claims: ApprovalClaims | None = None
    is_busy: bool = False


async def release_bundle(vault: Vault, request: BundleRequest, *, caller: Identity) -> SealedBundle:
    """Decide, store the decision, and only then decrypt and seal to the caller's one-time key.

    Raises: PlatformError 403 with the denial's reason; an unknown, deleted or foreign credential is always
        `credential_unavailable`. 503 while another caller renews the tokens.
    """
    check_is_plant(caller, customer_id=request.customer_id)
    recipient = _recipient(request.public_key)
    customer_id = CustomerId(request.customer_id)
    async with vault.database.tenant(customer_id) as session:
        decision = await _decide(session, vault, request)
        await _record(session, request, decision)
    _report(request, decision)
    if decision.is_busy:
        raise unavailable("The tokens are being renewed at this moment.", reason="refresh_under_way")
    if decision.reason is not None or decision.sealed is None:
        raise denied(decision.reason or DenialReason.CREDENTIAL_UNAVAILABLE)
    return await _seal_release(vault, request, decision.sealed, recipient=recipient)


async def _decide(session: TenantSession, vault: Vault, request: BundleRequest) -> _Decision:
    claims: ApprovalClaims | None = None
    if request.purpose is BundlePurpose.EXECUTE:
        claims, reason = _read_approval(vault, request)
        reason = reason or await _approval_denial(session, vault, request, claims)
        if reason is not None:
            return _Decision(reason, claims=claims)
    sealed = await store.find_sealed(session, credential_ref=request.credential_ref)
    if sealed is None:
        return _Decision(DenialReason.CREDENTIAL_UNAVAILABLE, claims=claims)
    if claims is not None and (mismatch := _mismatch(sealed, claims)) is not None:
        return _Decision(mismatch, claims=claims)
    if request.purpose is BundlePurpose.REFRESH:
        return await _decide_refresh(session, sealed)
    return _Decision(None, sealed, claims)


async def _decide_refresh(session: TenantSession, sealed: SealedCredential) -> _Decision:
    """Without a refresh token there is nothing to give, nor a turn to wait for."""
    if not sealed.has_refresh_token:
        return _Decision(DenialReason.CREDENTIAL_UNAVAILABLE)
    if not await store.claim_refresh(session, sealed, lease=_REFRESH_LEASE):
        return _Decision(DenialReason.CREDENTIAL_UNAVAILABLE, is_busy=True)
    return _Decision(None, sealed)


def _mismatch(sealed: SealedCredential, claims: ApprovalClaims) -> DenialReason | None:
    """Is it another kind of account than the action needs? Was its key replaced after the approval?

    A replaced key may be of another account than the one approved for; renewed tokens are not.
    """
    is_exchange = sealed.kind is CredentialKind.EXCHANGE
    if (claims.action.provider, claims.action.is_order) != (sealed.provider, is_exchange):
        return DenialReason.APPROVAL_ACTION_MISMATCH
    if sealed.changed_at is None or sealed.changed_at.timestamp() > claims.iat + _ISSUED_WITHIN_S:
        return DenialReason.PRECONDITION_FAILED
    return None


def _read_approval(vault: Vault, request: BundleRequest) -> tuple[ApprovalClaims | None, DenialReason | None]:
    if request.approval is None or request.execution_id is None:
        return None, DenialReason.APPROVAL_REQUIRED
    try:
        return verify_approval(request.approval, trust=vault.trust, four_eyes=vault.four_eyes), None
    except ApprovalRefusedError as error:
        return None, error.reason


async def _approval_denial(
    session: TenantSession, vault: Vault, request: BundleRequest, claims: ApprovalClaims | None
) -> DenialReason | None:
    """Requires: an open transaction, which binds the approval to the execution when nothing speaks against it."""
    if claims is None or request.execution_id is None:
        return DenialReason.APPROVAL_REQUIRED
    if claims.sub != request.customer_id:
        return DenialReason.APPROVAL_WRONG_CUSTOMER
    if claims.action.credential_ref != request.credential_ref:
        return DenialReason.APPROVAL_ACTION_MISMATCH
    if (await store.database_now(session)).timestamp() >= claims.execute_by:
        return DenialReason.APPROVAL_EXPIRED
    bound_to = await store.find_bound_execution(session, approval_id=claims.jti)
    if bound_to is None:
        withdrawal = await _withdrawal(session, vault, claims)
        if withdrawal is not None:
            return withdrawal
        bound_to = await store.bind_execution(
            session, approval_id=claims.jti, execution_id=request.execution_id
        )
    return None if bound_to == request.execution_id else DenialReason.APPROVAL_ALREADY_USED


async def _withdrawal(session: TenantSession, vault: Vault, claims: ApprovalClaims) -> DenialReason | None:
    """Only this portal's own approvals are in its register; the other portal's are checked by Plant."""
    if claims.iss != vault.issuer:
        return None
    return await find_withdrawal(session, approval_id=claims.jti)


async def _record(session: TenantSession, request: BundleRequest, decision: _Decision) -> None:
    release = Release(
        credential_ref=request.credential_ref,
        customer_id=session.customer_id,
        purpose=request.purpose,
        approval_id=decision.claims.jti if decision.claims else None,
        execution_id=request.execution_id,
        reason=decision.reason,
    )
    await store.insert_release(session, release)
    if decision.reason is None:
        await store.mark_used(session, credential_ref=request.credential_ref)


async def _seal_release(
    vault: Vault, request: BundleRequest, sealed: SealedCredential, *, recipient: OKPKey
) -> SealedBundle:
    issued_at = int(utc_now().timestamp())
    claims: dict[str, object] = {
        "iss": vault.issuer,
        "aud": Issuer.PLANT,
        "credential_ref": str(sealed.credential_ref),
        "customer_id": str(sealed.customer_id),
        "purpose": request.purpose,
        "read_only": request.purpose is not BundlePurpose.EXECUTE,
        "execution_id": str(request.execution_id) if request.execution_id else None,
        "provider": sealed.provider,
        "iat": issued_at,
        "exp": issued_at + MAX_LIFETIME_S,
    }
    claims |= await _secrets(vault, request, sealed)
    signed = sign(claims, key=vault.key, typ=TYP)
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "typ": JWE_TYP}
    bundle = jwe.encrypt_compact(header, signed.encode(), recipient, algorithms=ALGORITHMS)
    return SealedBundle(bundle=bundle, expires_at=datetime.fromtimestamp(issued_at + MAX_LIFETIME_S, UTC))


async def _secrets(vault: Vault, request: BundleRequest, sealed: SealedCredential) -> dict[str, object]:
    """What the purpose needs, in plain; never to be kept or logged."""
    try:
        secrets = await decrypt(vault, sealed)
        if request.purpose is not BundlePurpose.REFRESH:
            return {name: value for name, value in secrets.items() if name != "refresh_token"}
        key = urlsafe_b64encode(await derive_renewal_key(vault, sealed)).decode()
    except EnvelopeError as error:
        get_logger().error("vault.envelope_refused", credential_ref=sealed.credential_ref, error=str(error))
        raise denied(DenialReason.CREDENTIAL_UNAVAILABLE) from None
    return {**secrets, "renewal": {"version": sealed.version, "key": key}}


async def decrypt(vault: Vault, sealed: SealedCredential) -> dict[str, str | None]:
    """Shape: what was submitted (see shared/vault/exchanges.py, platforms.py), in plain; never to be kept or logged.

    Raises: EnvelopeError.
    """
    return json.loads(await unseal(sealed.envelope, context=_context(sealed), keys=vault.keys))


async def derive_renewal_key(vault: Vault, sealed: SealedCredential) -> bytes:
    """Raises: EnvelopeError."""
    return await derive_key(
        sealed.envelope, context=_context(sealed), purpose="credential-refresh", keys=vault.keys
    )


def _context(sealed: SealedCredential) -> bytes:
    return record_context(
        credential_ref=sealed.credential_ref, customer_id=sealed.customer_id, version=sealed.version
    )


def check_is_plant(caller: Identity, *, customer_id: UUID) -> None:
    """Raises: PlatformError 403."""
    if caller.issuer is not Issuer.PLANT or caller.actor_type is not ActorType.SERVICE:
        raise not_allowed("Only Plant's own service identity may ask for credentials.")
    if caller.customer_id is not None and caller.customer_id != customer_id:
        raise not_allowed("The identity token is bound to another customer than the request.")


def _recipient(public_key: str) -> OKPKey:
    """Import the key and try it once: with some points (of low order) nothing can be agreed."""
    try:
        point = urlsafe_b64decode(f"{public_key}=")
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(point))
        return OKPKey.import_key({"kty": "OKP", "crv": "X25519", "x": public_key})
    except (JoseError, ValueError) as error:
        raise invalid_fields(FieldError("public_key", "must be the x of an X25519 key")) from error


def _report(request: BundleRequest, decision: _Decision) -> None:
    is_granted = decision.reason is None
    VAULT_RELEASES.labels(request.purpose, str(is_granted).lower()).inc()
    get_logger().info(
        "vault.released" if is_granted else "vault.refused",
        credential_ref=request.credential_ref,
        purpose=request.purpose,
        execution_id=request.execution_id,
        reason=decision.reason,
    )
