/** The filters that denials, usage and decision traces have in common. */

import type { EvidenceFilter } from './evidence'
import type { FilterField } from './filters'

const WHO: readonly FilterField[] = [
  { name: 'customer_id', label: 'Customer id' },
  { name: 'agent_id', label: 'Agent id' },
  { name: 'action', label: 'Action', placeholder: 'place_order' },
]
const WHEN: readonly FilterField[] = [
  { name: 'from', label: 'From', kind: 'moment' },
  { name: 'to', label: 'Until', kind: 'moment' },
  { name: 'correlation_id', label: 'Request (correlation id)' },
]

export const EVIDENCE_FIELDS: readonly FilterField[] = [...WHO, ...WHEN]

export const DECISION_FIELDS: readonly FilterField[] = [
  ...WHO,
  { name: 'reason', label: 'Reason', placeholder: 'risk_denied' },
  ...WHEN,
]

/** The filters of a page have the names that the API gives them. */
export function evidenceFilter(filters: Record<string, string>): EvidenceFilter {
  return filters
}
