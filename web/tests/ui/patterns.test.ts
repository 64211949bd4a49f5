/** Patterns that a browser may try, and those that are left to the portal. */

import { expect, it } from 'vitest'

import { isQuick, withQuickPatterns } from '../../src/ui/schema-form/patterns'

it.each([
  '^[A-Z0-9]{2,12}$',
  '^(0|[1-9][0-9]{0,11})(\\.[0-9]{1,8})?$',
  '\\S',
  '^https://',
  '^[a-z]+$',
  '^\\(.+$',
])('tries %s', (pattern) => {
  expect(isQuick(pattern)).toBe(true)
})

it.each(['^(a+)+$', '(a|a)*b', '^(?:a|aa){1,40}$', '^a*a*b$', '(a)\\1', '(?=a+)b', '(?<!a)b'])(
  'leaves %s to the portal',
  (pattern) => {
    expect(isQuick(pattern)).toBe(false)
  },
)

it('keeps the rest of a schema, and a field that is called pattern', () => {
  const schema = {
    type: 'object',
    properties: { pattern: { type: 'string', pattern: '^(a+)+$', maxLength: 5 }, other: { pattern: '^a$' } },
  }

  expect(withQuickPatterns(schema)).toEqual({
    type: 'object',
    properties: { pattern: { type: 'string', maxLength: 5 }, other: { pattern: '^a$' } },
  })
})
