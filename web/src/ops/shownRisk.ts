/** The risk checks inside a stored decision, if it was one about risk. */

import type { components } from '../api/pp'
import type { Facts } from './Facts'

type ShownRisk = components['schemas']['ShownRisk']
type ShownCheck = components['schemas']['ShownCheck']

export function shownRisk(decision: Facts): ShownRisk | undefined {
  const { checks, verdict, policy_hash: policyHash } = decision
  if (!Array.isArray(checks)) return undefined
  return {
    verdict: String(verdict),
    policy_hash: String(policyHash),
    checks: checks.filter(isObject).map(shownCheck),
  }
}

function shownCheck(check: Facts): ShownCheck {
  return {
    code: String(check['code']),
    status: String(check['status']),
    observed: textOrNull(check['observed']),
    limit: textOrNull(check['limit']),
    unit: textOrNull(check['unit']),
  }
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

function isObject(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
