/** From a JSON Schema 2020-12 with `x-ui` hints to what the form library draws. */

import {
  choicesOf,
  hintsOf,
  isReached,
  isShown,
  lookUp,
  propertiesOf,
  titledChoices,
  type Hints,
  type Scope,
} from './hints'
import { isObject, pointerTo } from './pointers'
import type { FormObject } from './props'

export type UiFields = Record<string, unknown>

const SCALAR_WIDGETS = new Set([
  'avatar',
  'decimal',
  'number',
  'radio',
  'select',
  'text',
  'textarea',
  'time',
  'timezone',
  'url',
])
const LIST_WIDGETS = new Set(['checkboxes', 'list', 'tags', 'weekdays'])

export function uiSchemaOf(schema: FormObject, scope: Scope): UiFields {
  const fields = propertiesOf(schema)
  const order = [...fields].sort(([, one], [, other]) => hintsOf(one).order - hintsOf(other).order)
  const children = Object.fromEntries(fields.map(([name, field]) => [name, uiOfField(field, scope)]))
  return {
    ...(fields.length === 0 ? {} : { 'ui:order': [...order.map(([name]) => name), '*'] }),
    ...children,
    ...uiOfBranches(schema, 'oneOf', scope),
    ...uiOfBranches(schema, 'anyOf', scope),
  }
}

function uiOfBranches(schema: FormObject, keyword: 'oneOf' | 'anyOf', scope: Scope): UiFields {
  const branches = schema[keyword]
  return Array.isArray(branches)
    ? { [keyword]: branches.map((one) => (isObject(one) ? uiSchemaOf(one, scope) : {})) }
    : {}
}

function uiOfField(schema: FormObject, scope: Scope): UiFields {
  if (!isShown(schema, scope)) return { 'ui:widget': 'hidden' }
  const hints = hintsOf(schema)
  const widget = widgetOf(schema, hints, scope)
  const items = schema['items']
  return {
    ...(widget === undefined ? {} : { 'ui:widget': widget }),
    ...(hints.isReadOnly ? { 'ui:readonly': true } : {}),
    ...(hints.help === undefined ? {} : { 'ui:description': hints.help }),
    'ui:options': { unit: hints.unit, group: hints.group, choices: choicesOf(schema, scope) },
    ...(widget === undefined ? uiSchemaOf(schema, scope) : {}),
    ...(widget === undefined && isObject(items) ? { items: uiOfField(items, scope) } : {}),
  }
}

/** The control that is asked for if it fits the type, else the one for the type; none where fields are within. */
function widgetOf(schema: FormObject, { widget = '' }: Hints, scope: Scope): string | undefined {
  if (isObject(schema['x-credential'])) return 'credential'
  const choices = choicesOf(schema, scope)
  switch (typeOf(schema)) {
    case 'object':
      return undefined
    case 'array':
      if (choices !== undefined) return LIST_WIDGETS.has(widget) ? widget : 'checkboxes'
      if (!holdsText(schema)) return undefined
      return widget === 'tags' ? 'tags' : 'list'
    case 'boolean':
      return undefined
    case 'integer':
    case 'number':
      if (choices !== undefined) return widget === 'radio' ? 'radio' : 'select'
      return 'number'
    case 'string':
      if (choices !== undefined) return ['radio', 'avatar'].includes(widget) ? widget : 'select'
      if (SCALAR_WIDGETS.has(widget) && widget !== 'radio' && widget !== 'avatar' && widget !== 'number')
        return widget
      return schema['format'] === 'timezone' ? 'timezone' : 'text'
    default:
      return choices === undefined ? undefined : 'select'
  }
}

/** Of a type that may be missing, the other one. */
function typeOf(schema: FormObject): unknown {
  const { type } = schema
  return Array.isArray(type) ? (type as unknown[]).find((one) => one !== 'null') : type
}

function holdsText(schema: FormObject): boolean {
  return isObject(schema['items']) && schema['items']['type'] === 'string' && !('prefixItems' in schema)
}

/** The schema in the older words that the form library knows, with defaults that come from elsewhere. */
export function drawnSchema(schema: FormObject, config: FormObject): FormObject {
  return drawn(schema, { value: {}, config }) as FormObject
}

function drawn(schema: unknown, scope: Scope): unknown {
  if (Array.isArray(schema)) return schema.map((one) => drawn(one, scope))
  if (!isObject(schema)) return schema
  const { prefixItems, dependentRequired, dependentSchemas, items, ...rest } = schema
  const next = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, isData(key) ? value : drawn(value, scope)]),
  )
  const dependencies = { ...asObject(dependentRequired), ...asObject(drawn(dependentSchemas, scope)) }
  if (Object.keys(dependencies).length > 0) next['dependencies'] = dependencies
  if (Array.isArray(prefixItems)) {
    next['items'] = drawn(prefixItems, scope)
    next['additionalItems'] = items === undefined ? true : drawn(items, scope)
  } else if (items !== undefined) {
    next['items'] = drawn(items, scope)
  }
  const titled = titledChoices(schema['oneOf'])
  if (titled !== undefined) {
    delete next['oneOf']
    next['enum'] = titled.map(({ value }) => value)
  }
  const type = schema['type'] ?? typeOfChoices(schema, scope)
  if (type !== undefined) next['type'] = type
  const { defaultFrom } = hintsOf(schema)
  const given = defaultFrom === undefined ? undefined : lookUp(defaultFrom, scope)
  return given === undefined ? next : { ...next, default: given }
}

/** The form library draws nothing of a type that it is not told. */
function typeOfChoices(schema: FormObject, scope: Scope): string | undefined {
  const first = choicesOf(schema, scope)?.[0]?.value
  const type = typeof first
  return type === 'string' || type === 'number' || type === 'boolean' ? type : undefined
}

function isData(key: string): boolean {
  return ['const', 'default', 'enum', 'examples', 'required', 'x-ui', 'x-credential'].includes(key)
}

function asObject(value: unknown): FormObject {
  return isObject(value) ? value : {}
}

/** A value without what is not shown and without what is not there: hidden answers are not sent. */
export function withoutHidden(schema: FormObject, value: FormObject, config: FormObject): FormObject {
  const scope = { value, config }
  return kept(value, []) as FormObject

  function kept(part: unknown, path: (string | number)[]): unknown {
    if (Array.isArray(part))
      return part.filter((item) => item !== undefined).map((item, at) => kept(item, [...path, at]))
    if (!isObject(part)) return part
    const entries = Object.entries(part).filter(
      ([name, item]) => item !== undefined && isReached(schema, pointerTo([...path, name]), scope),
    )
    return Object.fromEntries(entries.map(([name, item]) => [name, kept(item, [...path, name])]))
  }
}
