/** A text cut into what is read as it stands and what carries a mark: the portal's findings and the page's own. */

import { codePointOf, findHidden, isUnseen, withoutOverlaps, type Mark } from './hiddenCharacters'

/** As the portal lists them, in the order of the text. */
export interface HiddenPart {
  text: string
  finding: string
  shown: string | null
}

export interface Part {
  text: string
  mark?: Mark
}

/** The texts of all parts, one after the other, are the text. */
export function visibleParts(text: string, hidden: readonly HiddenPart[] = []): Part[] {
  const parts: Part[] = []
  let at = 0
  for (const mark of withoutOverlaps([...toldMarks(text, hidden), ...findHidden(text)])) {
    if (mark.start > at) parts.push({ text: text.slice(at, mark.start) })
    parts.push({ text: text.slice(mark.start, mark.end), mark })
    at = mark.end
  }
  if (at < text.length) parts.push({ text: text.slice(at) })
  return parts
}

/** For where no mark can be drawn, such as a label that is only read out: what is hidden is told in words. */
export function visibleWords(text: string): string {
  return visibleParts(text)
    .map((part) =>
      part.mark ? `${part.mark.isSeen ? part.text : ''}[${part.mark.label}, ${part.mark.about}]` : part.text,
    )
    .join('')
}

function toldMarks(text: string, hidden: readonly HiddenPart[]): Mark[] {
  const marks: Mark[] = []
  let from = 0
  for (const part of hidden) {
    const start = part.text === '' ? -1 : text.indexOf(part.text, from)
    if (start < 0) continue
    from = start + part.text.length
    marks.push({
      start,
      end: from,
      label: [...new Set([...part.text].filter((letter) => letter > '\u007f' || letter < ' '))]
        .slice(0, 4)
        .map(codePointOf)
        .join(' '),
      about: part.shown ?? part.finding.replaceAll('_', ' '),
      isSeen: !isUnseen(part.text),
    })
  }
  return marks
}

/** A body is whatever the portal stored; only what has the shape of its list is taken for it. */
export function hiddenOf(body: unknown): HiddenPart[] {
  const list = typeof body === 'object' && body !== null && 'hidden' in body ? body.hidden : []
  return Array.isArray(list) ? list.filter(isHiddenPart) : []
}

function isHiddenPart(value: unknown): value is HiddenPart {
  return (
    typeof value === 'object' &&
    value !== null &&
    'text' in value &&
    typeof value.text === 'string' &&
    'finding' in value &&
    typeof value.finding === 'string' &&
    'shown' in value &&
    (value.shown === null || typeof value.shown === 'string')
  )
}
