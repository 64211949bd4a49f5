/** A text that is copied whole, however short it is shown. */

import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

import { visibleWords } from './visibleParts'
import { VisibleText } from './VisibleText'

interface CopyTextProps {
  text: string
  short?: boolean
}

const SHOWN = 8

export function CopyText({ text, short = false }: CopyTextProps) {
  return (
    <Group component="span" gap={4} wrap="nowrap" display="inline-flex" maw="100%">
      <Code title={text} className="anywhere">
        <VisibleText text={short ? shortened(text) : text} />
      </Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'}>
            <ActionIcon
              variant="default"
              size="sm"
              aria-label={copied ? 'Copied' : `Copy ${visibleWords(text)}`}
              onClick={copy}
            >
              {copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  )
}

/** Both ends, as ids that were made close in time begin alike. */
export function shortened(text: string): string {
  return text.length <= 2 * SHOWN + 1 ? text : `${text.slice(0, SHOWN)}…${text.slice(-SHOWN)}`
}
