/** Which executions are still under way: whatever the venue has not settled. */

import type { Execution, ExecutionState } from './queries'

const UNDER_WAY: ReadonlySet<ExecutionState> = new Set([
  'released',
  'sending',
  'unknown',
  'open',
  'partially_filled',
])

export function isUnderWay({ state }: Execution): boolean {
  return UNDER_WAY.has(state)
}
