/** From schemas with hints to what is drawn. */

import { choicesOf } from '../../src/ui/schema-form/hints'
import { placed } from '../../src/ui/schema-form/placing'
import { asPointer, fieldSchema } from '../../src/ui/schema-form/pointers'
import { drawnSchema, uiSchemaOf, withoutHidden, type UiFields } from '../../src/ui/schema-form/uiSchema'
import { marketing, settingsSchema, trading } from './definitions'

const NOWHERE = { value: {}, config: {} }
const fieldOf = (ui: UiFields, name: string) => ui[name] as UiFields
const widgetOf = (field: object) =>
  fieldOf(uiSchemaOf({ properties: { field } }, NOWHERE), 'field')['ui:widget']

test('every hint of the trading configuration is kept', () => {
  const ui = uiSchemaOf(trading.config_schema, { value: { allowed_coins: ['BTC', 'SOL'] }, config: {} })

  expect(ui['ui:order']).toEqual([...Object.keys(trading.config_schema['properties'] as object), '*'])
  expect(fieldOf(ui, 'exchange_provider')).toMatchObject({ 'ui:widget': 'select', 'ui:readonly': true })
  expect(fieldOf(ui, 'exchange_credential_ref')).toMatchObject({ 'ui:widget': 'credential' })
  expect(fieldOf(ui, 'max_units_per_order')).toMatchObject({
    'ui:widget': 'decimal',
    'ui:options': { unit: 'coins', group: 'Limits' },
  })
  expect(fieldOf(ui, 'default_coin')).toMatchObject({
    'ui:options': {
      choices: [
        { value: 'BTC', label: 'BTC' },
        { value: 'SOL', label: 'SOL' },
      ],
    },
  })
  expect(fieldOf(ui, 'timezone')['ui:widget']).toBe('timezone')
  expect(fieldOf(ui, 'avatar')['ui:widget']).toBe('avatar')
  expect(fieldOf(ui, 'nickname')['ui:description']).toBe(
    'What you call this agent. It is shown in lists and notifications.',
  )
})

test.each([
  ['a text', { type: 'string' }, 'text'],
  ['a zone without a hint', { type: 'string', format: 'timezone' }, 'timezone'],
  ['a number', { type: ['null', 'integer'] }, 'number'],
  ['an enum', { type: 'string', enum: ['a'] }, 'select'],
  ['an enum of numbers', { type: 'integer', enum: [1], 'x-ui': { widget: 'radio' } }, 'radio'],
  ['a constant', { const: 'a' }, 'select'],
  ['titled choices', { type: 'string', oneOf: [{ const: 'a', title: 'A' }] }, 'select'],
  ['choices that are no choices', { type: 'string', 'x-ui': { widget: 'radio' } }, 'text'],
  ['a widget of the future', { type: 'string', 'x-ui': { widget: 'hologram' } }, 'text'],
  ['a list of texts', { type: 'array', items: { type: 'string' } }, 'list'],
  ['a list of enums', { type: 'array', items: { enum: ['a'] } }, 'checkboxes'],
  [
    'a credential whatever its hint',
    { type: 'string', 'x-credential': { kind: 'exchange', provider: 'x' }, 'x-ui': { widget: 'text' } },
    'credential',
  ],
  ['a list of objects', { type: 'array', items: { type: 'object' } }, undefined],
  ['a group', { type: 'object', properties: { a: { type: 'string' } } }, undefined],
  ['yes or no', { type: 'boolean' }, undefined],
])('%s has its control', (_, field, widget) => {
  expect(widgetOf(field)).toBe(widget)
})

test('days of the week are offered by name and kept as numbers', () => {
  const schema = fieldSchema(settingsSchema(marketing, 'weekly_multichannel_batch'), '/weekdays')

  expect(choicesOf(schema ?? {}, NOWHERE)?.[1]).toEqual({ value: 1, label: 'Tuesday' })
})

test("a goal's choices and default come from the agent's configuration", () => {
  const schema = settingsSchema(trading, 'trade_intent_draft')
  const config = { allowed_coins: ['ETH', 'SOL'], default_coin: 'SOL' }

  const ui = uiSchemaOf(schema, { value: {}, config })

  expect(fieldOf(ui, 'coin')).toMatchObject({
    'ui:options': { choices: [{ value: 'ETH' }, { value: 'SOL' }] },
  })
  expect(fieldSchema(drawnSchema(schema, config), '/coin')?.['default']).toBe('SOL')
  expect(fieldSchema(drawnSchema(schema, {}), '/coin')).not.toHaveProperty('default')
})

test('fields of platforms that are not chosen are hidden, and a group of only such fields too', () => {
  const scope = (platforms: string[]) => ({ value: { platforms }, config: {} })

  const none = uiSchemaOf(marketing.config_schema, scope([]))
  const one = uiSchemaOf(marketing.config_schema, scope(['x']))

  expect(none['platform_credentials']).toEqual({ 'ui:widget': 'hidden' })
  expect(fieldOf(fieldOf(one, 'platform_credentials'), 'x')['ui:widget']).toBe('credential')
  expect(fieldOf(fieldOf(one, 'platform_credentials'), 'bluesky')['ui:widget']).toBe('hidden')
})

test('answers that are hidden now are not sent', () => {
  const schema = settingsSchema(trading, 'trade_intent_draft')

  const sent = withoutHidden(schema, { order_type: 'market', limit_price: '1', units: undefined }, {})

  expect(sent).toEqual({ order_type: 'market' })
  expect(withoutHidden(schema, { order_type: 'limit', limit_price: '1' }, {})).toHaveProperty(
    'limit_price',
    '1',
  )
})

test('newer words of a schema are drawn in older ones', () => {
  const drawn = drawnSchema(
    {
      dependentRequired: { a: ['b'] },
      dependentSchemas: { c: { required: ['d'] } },
      properties: { list: { prefixItems: [{ type: 'string' }], items: false }, enum: { type: 'string' } },
    },
    {},
  )

  expect(drawn).toEqual({
    dependencies: { a: ['b'], c: { required: ['d'] } },
    properties: { list: { items: [{ type: 'string' }], additionalItems: false }, enum: { type: 'string' } },
  })
})

test.each([
  ['/coins/0', '/coins/0'],
  ['coins[0].name', '/coins/0/name'],
  ['coins.0', '/coins/0'],
  ['', ''],
])('%s means %s', (field, pointer) => {
  expect(asPointer(field)).toBe(pointer)
})

const at = (schema: object, value: object, field: string) =>
  placed(schema as never, { value: value as never, config: {} }, [{ field, message: 'm' }])

test('problems go to the control that shows the field', () => {
  const config = trading.config_schema

  expect(at(config, {}, '/nickname').atFields[0]?.field).toBe('/nickname')
  expect(at(config, {}, 'config.nickname').atFields[0]?.field).toBe('/nickname')
  expect(at(config, {}, '/allowed_coins/1').atFields[0]?.field).toBe('/allowed_coins')
})

test('problems at fields that are not on the page are told beside the form', () => {
  const config = marketing.config_schema

  expect(at(config, {}, '/platform_credentials/x').elsewhere).toHaveLength(1)
  expect(at(config, { platforms: ['x'] }, '/platform_credentials/x').atFields).toHaveLength(1)
  expect(at(config, {}, 'version').elsewhere).toHaveLength(1)
  expect(at(config, {}, '').elsewhere).toHaveLength(1)
})
