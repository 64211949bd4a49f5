/** Characters that a reader cannot see or may take for others: found in the page, whatever the portal says of them. */

export interface Mark {
  start: number
  end: number
  label: string
  about: string
  /** A character that is seen stays on the page beside its mark; one that is not is replaced by it. */
  isSeen: boolean
}

const NAMES = new Map<number, string>([
  [0x00a0, 'no-break space'],
  [0x00ad, 'soft hyphen'],
  [0x061c, 'Arabic letter mark'],
  [0x200b, 'zero width space'],
  [0x200c, 'zero width non-joiner'],
  [0x200d, 'zero width joiner'],
  [0x200e, 'left-to-right mark'],
  [0x200f, 'right-to-left mark'],
  [0x2028, 'line separator'],
  [0x2029, 'paragraph separator'],
  [0x202a, 'left-to-right embedding'],
  [0x202b, 'right-to-left embedding'],
  [0x202c, 'end of direction'],
  [0x202d, 'left-to-right override'],
  [0x202e, 'right-to-left override'],
  [0x202f, 'narrow no-break space'],
  [0x2060, 'word joiner'],
  [0x2066, 'left-to-right isolate'],
  [0x2067, 'right-to-left isolate'],
  [0x2068, 'first strong isolate'],
  [0x2069, 'end of isolate'],
  [0x2800, 'braille blank'],
  [0xfeff, 'byte order mark'],
])

const KINDS: readonly (readonly [pattern: RegExp, about: string])[] = [
  [/[\u{E0000}-\u{E0FFF}]/u, 'tag character'],
  [/\p{Cc}/u, 'control character'],
  [/\p{Variation_Selector}/u, 'variation selector'],
  [/\p{Zs}/u, 'unusual space'],
  [/\p{Co}/u, 'private character without a meaning of its own'],
  [/\p{Cs}/u, 'half of a character'],
  [/\p{Cn}/u, 'character that does not exist'],
]

const UNSEEN =
  /(?![\n ])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}\u2800]/gu

const FLAG = /\u{1F3F4}[\u{E0061}-\u{E007A}]+\u{E007F}/gu
const KNOWN_FLAGS = new Set(['gbeng', 'gbsct', 'gbwls'])
const EMOJI_BEFORE = /\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}\u{E0020}-\u{E007F}]*$/u
const PICTOGRAPH = /^\p{Extended_Pictographic}/u
const TAKES_PRESENTATION = /\p{Emoji}$/u
const JOINING_SCRIPT =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Adlam}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]$/u

const WORD = /[\p{L}\p{M}\p{N}]+/gu
const SCRIPTS = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Georgian', /\p{Script=Georgian}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['Coptic', /\p{Script=Coptic}/u],
  ['Lisu', /\p{Script=Lisu}/u],
] as const
const LATIN_LOOKALIKES = /^[аеорсухіјѕԁԛԝһӏАВЕКМНОРСТХІЈЅԌԚԜονρυικαΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսցհԼ]+$/u

/** In the order of the text, none over another. Units: UTF-16 positions. */
export function findHidden(text: string): Mark[] {
  const unseen = [...text.matchAll(UNSEEN)]
    .filter((match) => !isHonest(text, match.index, match[0]))
    .map((match) => markOfCharacter(match.index, match[0]))
  return withoutOverlaps([...unseen, ...misleadingWords(text)])
}

export function withoutOverlaps(marks: readonly Mark[]): Mark[] {
  const kept: Mark[] = []
  for (const mark of [...marks].sort((one, other) => one.start - other.start || other.end - one.end)) {
    const last = kept.at(-1)
    if (last === undefined || mark.start >= last.end) kept.push(mark)
  }
  return kept
}

export function codePointOf(character: string): string {
  const point = character.codePointAt(0) ?? 0
  return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
}

export function isUnseen(text: string): boolean {
  return text.replaceAll(UNSEEN, '') === ''
}

function markOfCharacter(start: number, character: string): Mark {
  return {
    start,
    end: start + character.length,
    label: codePointOf(character),
    about: aboutCharacter(character),
    isSeen: false,
  }
}

function aboutCharacter(character: string): string {
  const name = NAMES.get(character.codePointAt(0) ?? 0)
  return name ?? KINDS.find(([pattern]) => pattern.test(character))?.[1] ?? 'character that is not seen'
}

/** Emoji are put together by joiners, selectors and tags; many scripts spell with joiners. */
function isHonest(text: string, at: number, character: string): boolean {
  const before = text.slice(Math.max(0, at - 24), at)
  const after = text.slice(at + character.length)
  if (character === '\u200d' && EMOJI_BEFORE.test(before) && PICTOGRAPH.test(after)) return true
  if (character === '\u200c' || character === '\u200d') return JOINING_SCRIPT.test(before)
  if (character === '\ufe0e' || character === '\ufe0f') return TAKES_PRESENTATION.test(before)
  return /[\u{E0000}-\u{E007F}]/u.test(character) && isInFlag(text, at)
}

function isInFlag(text: string, at: number): boolean {
  return [...text.matchAll(FLAG)].some(
    (flag) => flag.index <= at && at < flag.index + flag[0].length && KNOWN_FLAGS.has(untagged(flag[0])),
  )
}

function untagged(flag: string): string {
  return [...flag]
    .slice(1, -1)
    .map((tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000))
    .join('')
}

function misleadingWords(text: string): Mark[] {
  const isMostlyLatin = mostlyLatin(text)
  return [...text.matchAll(WORD)].flatMap((word) => {
    const about = aboutWord(word[0], isMostlyLatin)
    if (about === undefined) return []
    const foreign = [...word[0]].filter((letter) => letter > '\u007f').map(codePointOf)
    const label = [...new Set(foreign)].slice(0, 4).join(' ')
    return [{ start: word.index, end: word.index + word[0].length, label, about, isSeen: true }]
  })
}

function aboutWord(word: string, isMostlyLatin: boolean): string | undefined {
  const scripts = SCRIPTS.filter(([, script]) => script.test(word)).map(([name]) => name)
  if (scripts.length > 1) return `letters of several alphabets: ${scripts.join(' and ')}`
  if (isMostlyLatin && LATIN_LOOKALIKES.test(word)) return `letters that look Latin but are ${scripts.join()}`
  return undefined
}

function mostlyLatin(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? []
  return letters.filter((letter) => /\p{Script=Latin}/u.test(letter)).length * 2 > letters.length
}
