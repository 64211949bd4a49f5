/** What differs between two definitions, in words. */

import type { Facts } from './Facts'
import { objectIn } from './schemaTitles'

export interface Difference {
  kind: 'added' | 'removed' | 'changed'
  what: string
  from?: string
  to?: string
}

/** By which field the items of a list are known, so that moving one is no change. */
const NAMES = ['template_id', 'pattern_id', 'step_id', 'id', 'name']
const LONGEST = 80

export function differences(before: Facts, after: Facts): Difference[] {
  return compareFields(before, after, '')
}

function compareFields(before: Facts, after: Facts, path: string): Difference[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) =>
    compare(before[name], after[name], path === '' ? name : `${path}.${name}`),
  )
}

function compare(before: unknown, after: unknown, path: string): Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (before === undefined) return [{ kind: 'added', what: wordsOfPath(path), to: short(after) }]
  if (after === undefined) return [{ kind: 'removed', what: wordsOfPath(path), from: short(before) }]
  const [oldFields, newFields] = [fieldsIn(before), fieldsIn(after)]
  if (oldFields && newFields) return compareFields(oldFields, newFields, path)
  return [{ kind: 'changed', what: wordsOfPath(path), from: short(before), to: short(after) }]
}

/** An object, or a list whose items all have a name, by their names. */
function fieldsIn(value: unknown): Facts | undefined {
  if (!Array.isArray(value)) return typeof value === 'object' && value !== null ? objectIn(value) : undefined
  const names = value.map(nameOf)
  if (names.includes(undefined) || new Set(names).size < names.length) return undefined
  return Object.fromEntries(value.map((item, position) => [String(names[position]), item]))
}

function nameOf(item: unknown): string | undefined {
  const fields = objectIn(item)
  const found = NAMES.map((name) => fields[name]).find((name) => typeof name === 'string')
  return typeof found === 'string' ? found : undefined
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}

const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^config_schema\.properties\.([^.]+)/, 'configuration field $1'],
  [/^goal_templates\.([^.]+)\.settings_schema\.properties\.([^.]+)/, 'setting $2 of goal $1'],
  [/^goal_templates\.([^.]+)/, 'goal $1'],
  [/^enforcement\.plans\.([^.]+)/, 'plan $1'],
  [/^patterns\.([^.]+)/, 'pattern $1'],
  [/^roles\.([^.]+)/, 'role $1'],
]

export function wordsOfPath(path: string): string {
  for (const [pattern, words] of PLACES) {
    const match = pattern.exec(path)
    if (match) {
      const rest = path.slice(match[0].length).replace(/^\./, '')
      const place = words.replace('$1', match[1] ?? '').replace('$2', match[2] ?? '')
      return rest === '' ? place : `${place}: ${rest}`
    }
  }
  return path
}

/** Is all that was written in what is stored? The portal fills in what was left out. */
export function isWithin(written: unknown, stored: unknown): boolean {
  if (Array.isArray(written)) {
    return (
      Array.isArray(stored) &&
      written.length === stored.length &&
      written.every((item, position) => isWithin(item, stored[position]))
    )
  }
  if (typeof written !== 'object' || written === null) return written === stored
  const fields = objectIn(stored)
  return Object.entries(written).every(([name, value]) => isWithin(value, fields[name]))
}
