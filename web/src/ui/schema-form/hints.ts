/** The `x-ui` hints of a field, read once from whatever the schema holds there. */

import { inWords } from '../StateBadge'
import { isObject, partsOf, valueAt } from './pointers'
import type { FormObject } from './props'

export interface ShownIf {
  field: string
  is?: unknown
  contains?: unknown
}

export interface Hints {
  order: number
  group: string | undefined
  help: string | undefined
  widget: string | undefined
  labels: ReadonlyMap<string, string>
  unit: string | undefined
  isReadOnly: boolean
  shownIf: ShownIf | undefined
  optionsFrom: string | undefined
  defaultFrom: string | undefined
}

/** What fields may look at besides themselves: the whole value, and the agent's configuration. */
export interface Scope {
  value: FormObject
  config: FormObject
}

export interface Choice {
  value: unknown
  label: string
}

const CONFIG = 'config:'

export function hintsOf(schema: FormObject): Hints {
  const hints = isObject(schema['x-ui']) ? schema['x-ui'] : {}
  const { order, shown_if: shownIf } = hints
  return {
    order: typeof order === 'number' ? order : Number.MAX_SAFE_INTEGER,
    group: textOf(hints['group']),
    help: textOf(hints['help']) ?? textOf(schema['description']),
    widget: textOf(hints['widget']),
    labels: labelsOf(hints['labels']),
    unit: textOf(hints['unit']),
    isReadOnly: hints['read_only'] === true || schema['readOnly'] === true,
    shownIf:
      isObject(shownIf) && typeof shownIf['field'] === 'string'
        ? { ...shownIf, field: shownIf['field'] }
        : undefined,
    optionsFrom: textOf(hints['options_from']),
    defaultFrom: textOf(hints['default_from']),
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function labelsOf(labels: unknown): ReadonlyMap<string, string> {
  return new Map(
    isObject(labels) ? Object.entries(labels).map(([value, label]) => [value, String(label)]) : [],
  )
}

/** A pointer into the value, or behind `config:` into the agent's configuration. */
export function lookUp(where: string, scope: Scope): unknown {
  return where.startsWith(CONFIG)
    ? valueAt(scope.config, where.slice(CONFIG.length))
    : valueAt(scope.value, where)
}

/** A field is shown when its condition holds; what holds fields only, when one of them is. */
export function isShown(schema: FormObject, scope: Scope): boolean {
  const { shownIf } = hintsOf(schema)
  if (shownIf !== undefined && !holds(shownIf, scope)) return false
  const fields = propertiesOf(schema)
  return fields.length === 0 || fields.some(([, field]) => isShown(field, scope))
}

function holds(condition: ShownIf, scope: Scope): boolean {
  const seen = lookUp(condition.field, scope)
  if ('contains' in condition) return Array.isArray(seen) && seen.includes(condition.contains)
  return 'is' in condition ? seen === condition.is : seen !== undefined
}

/** Whether a field and all that it stands in are shown. */
export function isReached(schema: FormObject, pointer: string, scope: Scope): boolean {
  let field: FormObject | undefined = schema
  for (const part of partsOf(pointer)) {
    const next: FormObject | undefined = new Map(propertiesOf(field)).get(part)
    if (next === undefined) return true
    if (!isShown(next, scope)) return false
    field = next
  }
  return true
}

/** Also the fields that are there under a condition only. */
export function propertiesOf(schema: FormObject): [string, FormObject][] {
  const { properties, allOf, then, else: otherwise, dependentSchemas } = schema
  const branches = [allOf, then, otherwise, isObject(dependentSchemas) ? Object.values(dependentSchemas) : []]
  const own = isObject(properties) ? Object.entries(properties) : []
  const inner = branches.flat().filter(isObject).flatMap(propertiesOf)
  const fields = own.filter((entry): entry is [string, FormObject] => isObject(entry[1]))
  return [...new Map([...inner, ...fields])]
}

/** What can be chosen; nothing for a field that is written freely. */
export function choicesOf(schema: FormObject, scope: Scope): Choice[] | undefined {
  const { labels, optionsFrom } = hintsOf(schema)
  const labelled = (values: readonly unknown[]) =>
    values.map((value) => ({ value, label: labels.get(String(value)) ?? spoken(value) }))
  if (optionsFrom !== undefined) {
    const values = lookUp(optionsFrom, scope)
    return labelled(Array.isArray(values) ? values : [])
  }
  if (Array.isArray(schema['enum'])) return labelled(schema['enum'])
  if ('const' in schema) return labelled([schema['const']])
  const titled = titledChoices(schema['oneOf'] ?? schema['anyOf'])
  if (titled !== undefined) return titled
  return schema['type'] === 'array' ? itemChoices(schema, labels, scope) : undefined
}

/** A plain lower-case name reads as words; whatever else is a name of its own, like BTC. */
function spoken(value: unknown): string {
  const text = String(value)
  return /^[a-z]+(_[a-z]+)*$/.test(text) ? inWords(text) : text
}

/** `{"oneOf": [{"const": 1, "title": "One"}]}`: an enum that names its values. */
export function titledChoices(options: unknown): Choice[] | undefined {
  if (!Array.isArray(options)) return undefined
  const titled = options.filter((option): option is FormObject => isObject(option) && 'const' in option)
  if (titled.length === 0 || titled.length < options.length) return undefined
  return titled.map((option) => ({
    value: option['const'],
    label: String(option['title'] ?? option['const']),
  }))
}

function itemChoices(
  schema: FormObject,
  labels: ReadonlyMap<string, string>,
  scope: Scope,
): Choice[] | undefined {
  const items = schema['items']
  if (!isObject(items)) return undefined
  const own = choicesOf(items, scope)
  if (own !== undefined)
    return own.map((one) => ({ ...one, label: labels.get(String(one.value)) ?? one.label }))
  if (labels.size === 0) return undefined
  const isNumber = items['type'] === 'integer' || items['type'] === 'number'
  return [...labels].map(([value, label]) => ({ value: isNumber ? Number(value) : value, label }))
}
