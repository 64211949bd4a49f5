/** What an operator may do, by role: each role includes the ones before it. The portal decides; this only hides. */

import { useSession } from '../api/session'
import type { components } from '../api/pp'

export type Role = components['schemas']['shared__contracts__sign_in__Role']

const RANKS: readonly Role[] = ['viewer', 'operator', 'admin']

export function hasRole(roles: readonly Role[], needed: Role): boolean {
  return roles.some((role) => RANKS.indexOf(role) >= RANKS.indexOf(needed))
}

export function useMay(needed: Role): boolean {
  const session = useSession()
  return hasRole(session?.account.roles ?? [], needed)
}
