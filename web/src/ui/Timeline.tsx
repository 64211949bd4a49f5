/** What happened, in order, with the time that lay between. */

import { Text, Timeline as Line } from '@mantine/core'
import { IconCheck, IconClock, IconPoint, IconX, type TablerIcon } from '@tabler/icons-react'

import { Moment } from './Moment'
import { durationText } from './timeWords'
import { VisibleText } from './VisibleText'

export type Tone = 'good' | 'bad' | 'wait'

export interface TimelineEntry {
  at: string
  title: string
  detail?: string
  tone?: Tone
}

interface Look {
  icon: TablerIcon
  color: string | undefined
  word: string | undefined
}

const PLAIN: Look = { icon: IconPoint, color: undefined, word: undefined }
const LOOKS: Record<Tone, Look> = {
  good: { icon: IconCheck, color: 'teal.9', word: 'well' },
  bad: { icon: IconX, color: 'red.9', word: 'trouble' },
  wait: { icon: IconClock, color: 'gray.7', word: 'waits' },
}

export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <Line bulletSize={22} lineWidth={2} active={entries.length}>
      {entries.map((entry, index) => (
        <Line.Item key={`${index}-${entry.at}`} {...lookOf(entry)} title={entry.title}>
          {entry.detail && (
            <Text size="sm" className="anywhere">
              <VisibleText text={entry.detail} />
            </Text>
          )}
          <Text size="xs" c="dimmed">
            <Moment at={entry.at} />
            {sinceText(entries[index - 1], entry)}
          </Text>
        </Line.Item>
      ))}
    </Line>
  )
}

function lookOf({ tone }: TimelineEntry) {
  const { icon: Icon, color, word } = tone ? LOOKS[tone] : PLAIN
  return {
    color,
    bullet: word ? <Icon size={14} role="img" aria-label={word} /> : <Icon size={14} aria-hidden />,
  }
}

function sinceText(before: TimelineEntry | undefined, entry: TimelineEntry): string {
  return before === undefined ? '' : ` · ${durationText(Date.parse(entry.at) - Date.parse(before.at))} later`
}
