/** What is wrong with a value by its schema, field by field, in words for whoever fills in the form. */

import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema'

import type { FieldProblem } from '../../api/problem'
import { grouped } from './grouped'
import { withQuickPatterns } from './patterns'
import { isObject, partsOf, valueAt } from './pointers'
import type { FormObject } from './props'

const DRAFT = '2020-12'
const SUMMARIES = new Set([
  '$ref',
  'additionalItems',
  'additionalProperties',
  'allOf',
  'dependentSchemas',
  'dependencies',
  'if',
  'items',
  'patternProperties',
  'prefixItems',
  'properties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
])
const TYPE_WORDS: Record<string, string> = {
  array: 'a list',
  boolean: 'yes or no',
  integer: 'a whole number',
  null: 'empty',
  number: 'a number',
  object: 'a group of fields',
  string: 'a text',
}
const FORMAT_WORDS: Record<string, string> = {
  date: 'a day, like 2026-01-31',
  'date-time': 'a day and time',
  email: 'an e-mail address',
  time: 'a time of day',
  uri: 'an address, like https://example.com',
  url: 'an address, like https://example.com',
  uuid: 'chosen from the list',
}

const validators = new WeakMap<FormObject, Validator>()

/** Every keyword is looked at, so that all fields can be mended at once. */
export function validatorOf(schema: FormObject): Validator {
  const known = validators.get(schema)
  if (known) return known
  const made = new Validator(withQuickPatterns(schema) as Schema, DRAFT, false)
  validators.set(schema, made)
  return made
}

/** Shape: `field` is a JSON pointer into the value. A schema that cannot be read here is left to the portal. */
export function problemsOf(schema: FormObject, value: FormObject): FieldProblem[] {
  try {
    const { errors } = validatorOf(schema).validate(value)
    return distinct(explained(errors, schema, value))
  } catch {
    return []
  }
}

function explained(errors: readonly OutputUnit[], schema: FormObject, value: FormObject): FieldProblem[] {
  const choices = errors.filter(({ keyword }) => keyword === 'oneOf' || keyword === 'anyOf')
  const outer = choices.filter((one) => !choices.some((other) => other !== one && isWithin(one, other)))
  const plain = errors.filter((error) => !outer.some((choice) => error === choice || isWithin(error, choice)))
  return [
    ...plain.flatMap((error) => inWords(error, schema, value)),
    ...outer.flatMap((choice) => explainedChoice(choice, errors, schema, value)),
  ]
}

function isWithin(error: OutputUnit, choice: OutputUnit): boolean {
  return error.keywordLocation.startsWith(`${choice.keywordLocation}/`)
}

/** Of several ways to fill it in, only what is wrong with the one that was likely meant. */
function explainedChoice(
  choice: OutputUnit,
  errors: readonly OutputUnit[],
  schema: FormObject,
  value: FormObject,
): FieldProblem[] {
  const field = fieldOf(choice)
  const branches = grouped(
    errors.filter((error) => isWithin(error, choice)),
    (error) => error.keywordLocation.slice(choice.keywordLocation.length + 1).split('/')[0],
  )
  const [closest = []] = [...branches.values()].sort((one, other) => distance(one) - distance(other))
  const isElsewhere = closest.some(
    (error) => isMismatch(error) && error.instanceLocation === choice.instanceLocation,
  )
  if (closest.length === 0 || isElsewhere) return [{ field, message: 'must be one of the choices' }]
  return explained(closest, schema, value)
}

function distance(branch: readonly OutputUnit[]): number {
  const ofAnother = 10
  return branch.reduce((sum, error) => sum + (isMismatch(error) ? ofAnother : 1), 0)
}

function isMismatch({ keyword }: OutputUnit): boolean {
  return keyword === 'const' || keyword === 'enum' || keyword === 'type'
}

function inWords(error: OutputUnit, root: FormObject, value: FormObject): FieldProblem[] {
  const field = fieldOf(error)
  const schema = schemaAround(error, root)
  switch (error.keyword) {
    case 'required':
      return missing(field, schema['required'], value, 'is required')
    case 'dependentRequired':
      return missingWith(field, schema['dependentRequired'], value)
    case 'not':
      return forbidden(field, schema['not'])
    case 'false':
      return [{ field, message: 'is not known, or not wanted here' }]
    default:
      return SUMMARIES.has(error.keyword) ? [] : [{ field, message: messageOf(error.keyword, schema) }]
  }
}

function fieldOf({ instanceLocation }: OutputUnit): string {
  return decodeURI(instanceLocation.slice(1)).replaceAll('%23', '#')
}

function missing(field: string, names: unknown, value: FormObject, message: string): FieldProblem[] {
  const held = valueAt(value, field)
  const absent = Array.isArray(names) && isObject(held) ? names.filter((name) => !(String(name) in held)) : []
  return absent.map((name) => ({ field: `${field}/${String(name)}`, message }))
}

function missingWith(field: string, rules: unknown, value: FormObject): FieldProblem[] {
  const held = valueAt(value, field)
  if (!isObject(rules) || !isObject(held)) return []
  return Object.entries(rules)
    .filter(([name]) => name in held)
    .flatMap(([, names]) => missing(field, names, value, 'is required with what else you filled in'))
}

function forbidden(field: string, not: unknown): FieldProblem[] {
  const names = isObject(not) && Array.isArray(not['required']) ? (not['required'] as unknown[]) : []
  if (names.length === 0) return [{ field, message: 'is not allowed' }]
  return names.map((name) => ({ field: `${field}/${String(name)}`, message: 'must be left empty' }))
}

function messageOf(keyword: string, schema: FormObject): string {
  const limit = String(schema[keyword])
  switch (keyword) {
    case 'type':
      return `must be ${[schema['type']]
        .flat()
        .map((type) => TYPE_WORDS[String(type)] ?? String(type))
        .join(' or ')}`
    case 'const':
      return `must be ${limit}`
    case 'enum':
      return 'must be one of the choices'
    case 'minLength':
      return limit === '1' ? 'must not be empty' : `must have at least ${limit} characters`
    case 'maxLength':
      return `must have at most ${limit} characters`
    case 'pattern':
      return patternMessage(schema)
    case 'format':
      return `must be ${FORMAT_WORDS[String(schema['format'])] ?? `a ${String(schema['format'])}`}`
    case 'minimum':
      return `must be at least ${limit}`
    case 'maximum':
      return `must be at most ${limit}`
    case 'exclusiveMinimum':
      return `must be more than ${limit}`
    case 'exclusiveMaximum':
      return `must be less than ${limit}`
    case 'multipleOf':
      return `must be a multiple of ${limit}`
    case 'minItems':
      return limit === '1' ? 'needs at least one' : `needs at least ${limit}`
    case 'maxItems':
      return `takes at most ${limit}`
    case 'uniqueItems':
      return 'names something twice'
    default:
      return 'does not fit'
  }
}

function patternMessage(schema: FormObject): string {
  if (schema['pattern'] === '\\S') return 'must not be empty'
  const example = Array.isArray(schema['examples']) ? (schema['examples'] as unknown[])[0] : undefined
  if (example !== undefined) return `must be written like ${String(example)}`
  return schema['pattern'] === '^https://' ? 'must begin with https://' : 'is not written as it must be'
}

/** The schema that holds the keyword that was not kept to. */
function schemaAround({ keywordLocation }: OutputUnit, root: FormObject): FormObject {
  let found: unknown = root
  for (const part of partsOf(keywordLocation.slice(1)).slice(0, -1).map(decodeURIComponent)) {
    const reference = isObject(found) && part === '$ref' ? String(found['$ref']) : undefined
    found = valueAt(reference === undefined ? found : root, reference?.slice(1) ?? `/${part}`)
  }
  return isObject(found) ? found : {}
}

function distinct(problems: readonly FieldProblem[]): FieldProblem[] {
  return [...new Map(problems.map((one) => [`${one.field} ${one.message}`, one])).values()]
}
