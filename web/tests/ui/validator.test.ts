/** What a form says about values that do not fit, and how the form library is answered. */

import { problemsOf } from '../../src/ui/schema-form/problems'
import { errorTreeOf, validator } from '../../src/ui/schema-form/validator'
import { marketing, settingsSchema, trading } from './definitions'

const schemaOf = (field: object) => ({ type: 'object', properties: { field } })
const messageOf = (field: object, value: unknown) =>
  problemsOf(schemaOf(field), { field: value }).map((one) => one.message)

test.each([
  ['required', { type: 'object', required: ['a'] }, {}, ['is required']],
  ['type', { type: 'integer' }, 'x', ['must be a whole number']],
  ['several types', { type: ['string', 'null'] }, 1, ['must be a text or empty']],
  ['enum', { enum: ['a', 'b'] }, 'c', ['must be one of the choices']],
  ['const', { const: 'a' }, 'c', ['must be a']],
  [
    'pattern with an example',
    { type: 'string', pattern: '^[0-9]+$', examples: ['42'] },
    'x',
    ['must be written like 42'],
  ],
  ['pattern without one', { type: 'string', pattern: '^[0-9]+$' }, 'x', ['is not written as it must be']],
  ['blank', { type: 'string', pattern: '\\S' }, ' ', ['must not be empty']],
  ['minimum', { type: 'integer', minimum: 60 }, 59, ['must be at least 60']],
  ['maximum', { type: 'integer', maximum: 60 }, 61, ['must be at most 60']],
  ['exclusive limits', { exclusiveMinimum: 0, exclusiveMaximum: 1 }, 1, ['must be less than 1']],
  ['multiple', { multipleOf: 0.1 }, 0.25, ['must be a multiple of 0.1']],
  [
    'length',
    { type: 'string', maxLength: 2 },
    '\u{1f600}\u{1f600}\u{1f600}',
    ['must have at most 2 characters'],
  ],
  ['few items', { type: 'array', minItems: 1 }, [], ['needs at least one']],
  ['many items', { type: 'array', maxItems: 1 }, [1, 2], ['takes at most 1']],
  ['twice', { type: 'array', uniqueItems: true }, [1, 1], ['names something twice']],
  ['format', { type: 'string', format: 'uuid' }, 'x', ['must be chosen from the list']],
  [
    'not known',
    { type: 'object', additionalProperties: false },
    { x: 1 },
    ['is not known, or not wanted here'],
  ],
])('%s is said in words', (_, field, value, messages) => {
  expect(messageOf(field, value)).toEqual(messages)
})

test.each([
  ['at the limit', { type: 'integer', minimum: 60 }, 60],
  ['emoji as one character', { type: 'string', maxLength: 2 }, '\u{1f600}\u{1f600}'],
  ['a keyword of no draft', { type: 'string', 'x-ui': { widget: 'time' }, sparkle: true }, 'x'],
  ['a format that is not known', { type: 'string', format: 'timezone' }, 'Asia/Kolkata'],
  ['a fraction without rounding', { multipleOf: 0.1 }, 0.3],
])('%s is nothing to mend', (_, field, value) => {
  expect(messageOf(field, value)).toEqual([])
})

test('problems in nested lists name the very item', () => {
  const schema = schemaOf({ type: 'array', items: { type: 'array', items: { type: 'integer', minimum: 1 } } })

  const problems = problemsOf(schema, { field: [[1], [2, 0]] })

  expect(problems).toEqual([{ field: '/field/1/1', message: 'must be at least 1' }])
})

test('places of a fixed list are checked one by one', () => {
  const schema = schemaOf({ prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false })

  expect(problemsOf(schema, { field: ['a', 'b'] })).toEqual([
    { field: '/field/1', message: 'must be a whole number' },
  ])
  expect(problemsOf(schema, { field: ['a', 1, 2] }).map((one) => one.field)).toEqual(['/field/2'])
})

const CHANNEL = {
  type: 'object',
  required: ['channel'],
  properties: {
    channel: {
      oneOf: [
        {
          type: 'object',
          required: ['kind', 'address'],
          properties: { kind: { const: 'email' }, address: { type: 'string' } },
        },
        {
          type: 'object',
          required: ['kind', 'url'],
          properties: { kind: { const: 'hook' }, url: { type: 'string', pattern: '^https://' } },
        },
      ],
    },
  },
}

test('of several ways to fill it in, the one that was meant is explained', () => {
  expect(problemsOf(CHANNEL, { channel: { kind: 'hook', url: 'http://x' } })).toEqual([
    { field: '/channel/url', message: 'must begin with https://' },
  ])
  expect(problemsOf(CHANNEL, { channel: { kind: 'email' } })).toEqual([
    { field: '/channel/address', message: 'is required' },
  ])
})

test('a value that is none of the choices is told once', () => {
  expect(
    messageOf(
      {
        oneOf: [
          { const: 1, title: 'One' },
          { const: 2, title: 'Two' },
        ],
      },
      3,
    ),
  ).toEqual(['must be one of the choices'])
})

test('the library learns which way is filled in', () => {
  const [email, hook] = CHANNEL.properties.channel.oneOf
  const value = { kind: 'hook', url: 'https://x' }

  expect(validator.isValid(hook as object, value, CHANNEL as object)).toBe(true)
  expect(validator.isValid(email as object, value, CHANNEL as object)).toBe(false)
  expect(validator.isValid(hook as object, undefined, CHANNEL as object)).toBe(false)
})

test('references lead into the whole schema', () => {
  const root = { $defs: { coin: { type: 'string', pattern: '^[A-Z]+$' } } }
  const part = { properties: { coin: { $ref: '#/$defs/coin' } } }

  expect(validator.isValid(part as object, { coin: 'BTC' }, root as object)).toBe(true)
  expect(validator.isValid(part as object, { coin: 'btc' }, root as object)).toBe(false)
  expect(problemsOf({ ...root, ...part }, { coin: 'btc' })[0]?.message).toBe('is not written as it must be')
})

test('a schema that cannot be read denies a choice and leaves the rest to the portal', () => {
  const broken = { properties: { a: { pattern: '(' } } }

  expect(validator.isValid(broken as object, { a: 'x' }, broken as object)).toBe(false)
  expect(problemsOf(broken, { a: 'x' })).toEqual([])
})

test('the schema that was given stays as it was', () => {
  const schema = Object.freeze({
    type: 'object',
    properties: Object.freeze({ a: Object.freeze({ $ref: '#/$defs/a' }) }),
    $defs: Object.freeze({ a: Object.freeze({ type: 'string' }) }),
  })

  expect(problemsOf(schema, { a: 1 })).toEqual([{ field: '/a', message: 'must be a text' }])
})

test('a limit order needs its price and a market order takes none', () => {
  const schema = settingsSchema(trading, 'trade_intent_draft')
  const order = { coin: 'BTC', units: '0.01', side: 'long', action: 'enter' }

  expect(problemsOf(schema, { ...order, order_type: 'limit' })).toEqual([
    { field: '/limit_price', message: 'is required' },
  ])
  expect(problemsOf(schema, { ...order, order_type: 'market', limit_price: '1' })).toEqual([
    { field: '/limit_price', message: 'must be left empty' },
  ])
  expect(problemsOf(schema, { ...order, order_type: 'market' })).toEqual([])
})

test('half of a window asks for the other half', () => {
  const problems = problemsOf(trading.config_schema, { active_window_start: '09:15' })

  expect(problems).toContainEqual({
    field: '/active_window_end',
    message: 'is required with what else you filled in',
  })
})

test('an empty configuration names every field that is needed', () => {
  const missing = problemsOf(marketing.config_schema, {}).filter((one) => one.message === 'is required')

  expect(missing.map((one) => one.field)).toEqual(
    (marketing.config_schema['required'] as string[]).map((name) => `/${name}`),
  )
})

test('the library gets errors in its own shape', () => {
  const schema = { type: 'object', properties: { a: { type: 'object', required: ['b'] } } } as const

  const { errors, errorSchema } = validator.validateFormData({ a: {} }, schema as object)

  expect(errorSchema).toEqual({ a: { b: { __errors: ['is required'] } } })
  expect(errors).toMatchObject([{ property: '.a.b', message: 'is required' }])
})

test('several messages at one field are all kept', () => {
  const tree = errorTreeOf([
    { field: '/a', message: 'one' },
    { field: '/a', message: 'two' },
    { field: '', message: 'whole' },
  ])

  expect(tree).toEqual({ __errors: ['whole'], a: { __errors: ['one', 'two'] } })
})

it.each(['/constructor/prototype', '/__proto__/polluted', '/__proto__'])(
  'an error at %s stays in the form',
  (field) => {
    errorTreeOf([{ field, message: 'is wrong' }])

    expect(({} as Record<string, unknown>)['__errors']).toBeUndefined()
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  },
)
