/** Marks at what a reader would not see, checked against what the portal finds in the same texts. */

import { findHidden } from '../../src/ui/hiddenCharacters'
import { hiddenOf, visibleParts, visibleWords } from '../../src/ui/visibleParts'

const labels = (text: string) => findHidden(text).map(({ label }) => label)

test.each([
  ['a right-to-left override', 'ab\u202ecd', 'U+202E'],
  ['a zero width space', 'pay\u200bpal', 'U+200B'],
  ['a byte order mark', '\ufeffhello', 'U+FEFF'],
  ['a soft hyphen', 'so\u00adft', 'U+00AD'],
  ['a tag character', 'hello \u{e0041}', 'U+E0041'],
  ['a no-break space', 'one\u00a0two', 'U+00A0'],
  ['a bell', 'ding\u0007', 'U+0007'],
  ['a tab', 'a\tb', 'U+0009'],
  ['a line separator', 'a\u2028b', 'U+2028'],
  ['a joiner between Latin letters', 'a\u200db', 'U+200D'],
  ['a variation selector on a letter', 'ok\ufe0f', 'U+FE0F'],
  ['a selector of the supplement', 'x\u{e0100}', 'U+E0100'],
  ['a Hangul filler', 'a\u3164b', 'U+3164'],
  ['a private character', 'a\ue000b', 'U+E000'],
  ['a blank braille pattern', 'a\u2800b', 'U+2800'],
  ['half of a surrogate pair', 'a\ud83d', 'U+D83D'],
])('%s is marked', (_, text, label) => {
  expect(labels(text)).toEqual([label])
})

test('both ends of an isolate are marked', () => {
  expect(labels('x\u2066y\u2069z')).toEqual(['U+2066', 'U+2069'])
})

test.each([
  ['plain text with lines', 'Hello,\nworld! 100 %'],
  ['an emoji of several people', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
  ['an emoji with a skin tone and a joiner', '\u{1f469}\u{1f3fd}\u200d\u{1f373}'],
  ['an emoji with its presentation', '\u2764\ufe0f and 1\ufe0f\u20e3'],
  ['the flag of England', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
  ['Hindi with a joiner', '\u0915\u094d\u200d\u0937'],
  ['Russian', '\u0437\u043e\u043d\u0430 \u0441\u043e\u0440'],
  ['accents', 'caf\u00e9 na\u00efve'],
])('%s has no mark', (_, text) => {
  expect(labels(text)).toEqual([])
})

test('a message hidden in the tags of a flag that does not exist is marked', () => {
  const text = '\u{1f3f4}\u{e0068}\u{e0069}\u{e007f}'

  expect(labels(text)).toEqual(['U+E0068', 'U+E0069', 'U+E007F'])
})

test('a word of two alphabets is marked and stays readable', () => {
  const [mark] = findHidden('Pay \u0440\u0430yp\u0430l now')

  expect(mark).toMatchObject({ start: 4, end: 10, label: 'U+0440 U+0430', isSeen: true })
  expect(mark?.about).toContain('Latin and Cyrillic')
})

test('a Cyrillic word that looks Latin is marked in a Latin text', () => {
  expect(findHidden('the \u0441\u043e\u0440 is here')[0]).toMatchObject({ start: 4, end: 7, isSeen: true })
})

test('the parts of a text are the text', () => {
  const text = 'a\u202eb \u0440\u0430yp\u0430l\n\u200b'

  const parts = visibleParts(text, [{ text: '\u202e', finding: 'bidi_override', shown: '[U+202E]' }])

  expect(parts.map((part) => part.text).join('')).toBe(text)
  expect(parts.filter((part) => part.mark)).toHaveLength(3)
})

test('what only the portal finds is marked too', () => {
  const hidden = [
    { text: 'a\u0301', finding: 'not_composed', shown: 'a\u0301 [U+0301 combining acute accent]' },
  ]

  const [first, second] = visibleParts('a\u0301bc', hidden)

  expect(first).toMatchObject({ text: 'a\u0301', mark: { label: 'U+0301', isSeen: true } })
  expect(second).toEqual({ text: 'bc' })
})

test('only a list of findings is taken for one', () => {
  const good = { text: 'x', finding: 'tag', shown: null }

  expect(hiddenOf({ hidden: [good, { text: 1 }, null, 'x'] })).toEqual([good])
  expect(hiddenOf({ hidden: 'x' })).toEqual([])
  expect(hiddenOf(null)).toEqual([])
})

test('a label tells in words what it could not show, and leaves an honest text as it is', () => {
  expect(visibleWords('Pay\u202eLAP')).toBe('Pay[U+202E, right-to-left override]LAP')
  expect(visibleWords('\u0440\u0430yp\u0430l')).toContain(
    '\u0440\u0430yp\u0430l[U+0440 U+0430, letters of several',
  )
  expect(visibleWords('Masala chai \u2615\ufe0f for Zo\u00eb')).toBe('Masala chai \u2615\ufe0f for Zo\u00eb')
})
