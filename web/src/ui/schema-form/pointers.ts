/** JSON pointers: reading a value or a field's schema by one, and turning other spellings of a path into one. */

import type { FormObject } from './props'

const MAX_DEPTH = 12

export function isObject(value: unknown): value is FormObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function partsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function pointerTo(parts: readonly (string | number)[]): string {
  return parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function valueAt(value: unknown, pointer: string): unknown {
  let found = value
  for (const part of partsOf(pointer)) {
    if (Array.isArray(found)) found = (found as unknown[])[Number(part)]
    else found = isObject(found) && Object.hasOwn(found, part) ? found[part] : undefined
  }
  return found
}

/** Of `/coins/0`, `coins[0]` and `coins.0` the first. */
export function asPointer(field: string): string {
  if (field === '' || field.startsWith('/')) return field
  return pointerTo(field.split(/[.[\]]+/).filter((part) => part !== ''))
}

/** The schema of a field by its pointer into a value; none for what is not in the schema. */
export function fieldSchema(root: FormObject, pointer: string): FormObject | undefined {
  let found: FormObject | undefined = root
  for (const part of partsOf(pointer)) {
    found = found && firstOf(alternatives(found, root), (schema) => memberOf(schema, part))
  }
  return found
}

function memberOf(schema: FormObject, part: string): FormObject | undefined {
  const { properties, prefixItems, items } = schema
  const member = isObject(properties) && Object.hasOwn(properties, part) ? properties[part] : undefined
  const first = Array.isArray(prefixItems) ? (prefixItems as unknown[])[Number(part)] : undefined
  const item = /^\d+$/.test(part) ? (first ?? items) : undefined
  return [member, item].find(isObject)
}

/** The schema itself, what it refers to, and the ways in which it may be filled in. */
function alternatives(schema: FormObject, root: FormObject, depth = 0): FormObject[] {
  if (depth > MAX_DEPTH) return []
  const { $ref, allOf, anyOf, oneOf, then, else: otherwise } = schema
  const target = typeof $ref === 'string' && $ref.startsWith('#/') ? valueAt(root, $ref.slice(1)) : undefined
  const branches = [allOf, anyOf, oneOf, then, otherwise, target].flat().filter(isObject)
  return [schema, ...branches.flatMap((branch) => alternatives(branch, root, depth + 1))]
}

function firstOf<Item, Found>(
  items: readonly Item[],
  find: (item: Item) => Found | undefined,
): Found | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
