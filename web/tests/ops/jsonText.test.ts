/** What the authors of agent types are told of their text. */

import { lineOf, readJson } from '../../src/ops/jsonText'

describe('readJson', () => {
  it.each(['{"a": [1, -2.5e3, true, null, "x\\u00e9\\n"], "b": {"c": {}}}', '[]', '  "text"  ', '0'])(
    'reads what the usual parser reads: %s',
    (text) => {
      expect(readJson(text).value).toEqual(JSON.parse(text))
    },
  )

  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'A comma or "}" is missing.'],
    ['{\n  a: 1\n}', 2, 3, 'A name in double quotes is missing.'],
    ['{"a": 1,}', 1, 9, 'A name in double quotes is missing.'],
    ['[1, 2', 1, 6, 'A comma or "]" is missing.'],
    ['{"a" 1}', 1, 6, 'A ":" is missing.'],
    ['{"a": tru}', 1, 7, 'This is no JSON value.'],
    ['{"a": "x\n"}', 1, 7, 'This text does not end, or has a bad escape.'],
    ['{"a": 1}\n{}', 2, 1, 'There is more after the end.'],
    ['{"a": ', 1, 7, 'It ends too early.'],
    ['', 1, 1, 'It ends too early.'],
    ['{"a": 1, "a": 2}', 1, 10, 'The name "a" stands here twice.'],
  ])('says where %j breaks', (text, line, column, message) => {
    expect(readJson(text).broken).toEqual({ line, column, message })
  })

  it('refuses what is nested too deeply instead of running out of stack', () => {
    expect(readJson('['.repeat(100_000)).broken?.message).toBe('It is nested too deeply.')
  })

  it('keeps a name that objects have anyway as an ordinary field', () => {
    const { value } = readJson('{"__proto__": {"a": 1}}')

    expect(Object.keys(value as object)).toEqual(['__proto__'])
  })
})

describe('lineOf', () => {
  const { lines } = readJson('{\n"goals": [\n{"id": 1},\n{\n"id": 2}\n]\n}')

  it.each([
    ['goals[1].id', 5],
    ['goals[1].missing.deeper', 4],
    ['goals[7]', 2],
    ['elsewhere', 1],
    ['', 1],
  ])('finds %j or the nearest part around it', (field, line) => {
    expect(lineOf(lines, field)).toBe(line)
  })
})
