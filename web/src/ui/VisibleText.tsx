/** A text exactly as it is, with a mark at everything in it that a reader would not see or take for something else. */

import { Box, Tooltip } from '@mantine/core'
import type { Mark } from './hiddenCharacters'
import { visibleParts, type HiddenPart } from './visibleParts'

interface VisibleTextProps {
  text: string
  hidden?: readonly HiddenPart[]
}

export function VisibleText({ text, hidden }: VisibleTextProps) {
  return (
    <Box component="span" className="exact-text" dir="auto">
      {visibleParts(text, hidden).map((part, index) =>
        part.mark ? (
          <MarkedPart key={index} text={part.text} mark={part.mark} />
        ) : (
          <bdi key={index}>{part.text}</bdi>
        ),
      )}
    </Box>
  )
}

function MarkedPart({ text, mark }: { text: string; mark: Mark }) {
  return (
    <>
      {mark.isSeen && <bdi>{text}</bdi>}
      <Tooltip label={mark.about}>
        <span className="hidden-mark" role="img" aria-label={`${mark.label}, ${mark.about}`}>
          {mark.label}
        </span>
      </Tooltip>
    </>
  )
}
