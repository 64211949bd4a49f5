/** Which patterns a browser may try: its own kind of matching can take for ever where the portal's cannot. */

import { isObject } from './pointers'

const REPEATED_GROUP = /\)(?:[*+]|\{)/
const UNBOUNDED = /(?:[*+]|\{\d+,\})/g
const LOOKS_ELSEWHERE = /\\[1-9k]|\(\?[<=!]/
const MOST_UNBOUNDED = 1

/** A copy without the patterns that are left to the portal, which says at their field what does not fit. */
export function withQuickPatterns(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withQuickPatterns)
  if (!isObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name, value]) => name !== 'patternProperties' && (name !== 'pattern' || isQuick(value)))
      .map(([name, value]) => [name, withQuickPatterns(value)]),
  )
}

/** No repeated group, at most one repeat without end, nothing that looks behind, ahead or back. */
export function isQuick(pattern: unknown): boolean {
  if (typeof pattern !== 'string') return true
  const bare = pattern.replace(/\\[^1-9k]/g, '_').replace(/\[[^\]]*\]/g, '_')
  if (LOOKS_ELSEWHERE.test(pattern) || REPEATED_GROUP.test(bare)) return false
  return (bare.match(UNBOUNDED) ?? []).length <= MOST_UNBOUNDED
}
