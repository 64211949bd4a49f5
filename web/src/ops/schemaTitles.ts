/** The titles that a schema gives its fields, to show a configuration in the words of its form. */

import type { Facts } from './Facts'

export function titledBy(schema: Facts | undefined, config: Facts): Facts {
  const properties = objectIn(schema?.['properties'])
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [titleOf(properties[name]) ?? name, value]),
  )
}

function titleOf(field: unknown): string | undefined {
  const { title } = objectIn(field)
  return typeof title === 'string' ? title : undefined
}

export function objectIn(value: unknown): Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Facts) : {}
}
