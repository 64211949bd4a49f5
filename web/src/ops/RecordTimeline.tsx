/** Records of several services in the order of time: which service, what it says, how long after the one before. */

import { Alert, ColorSwatch, Group, List, Stack, Text, Timeline as Line } from '@mantine/core'

import { Moment } from '../ui/Moment'
import { Empty } from '../ui/Page'
import { durationText } from '../ui/timeWords'
import type { TimelineRecord } from './evidence'
import { FactList, wordsOf } from './Facts'
import { CorrelationLink, isUuid, TraceLink } from './links'
import type { Timeline } from './queries'

const COLOURS: Record<string, string> = {
  cp: 'var(--mantine-color-violet-6)',
  pp: 'var(--mantine-color-orange-6)',
  plant: 'var(--mantine-color-teal-6)',
  gateway: 'var(--mantine-color-blue-6)',
}
const NAMES: Record<string, string> = {
  cp: 'Customer portal',
  pp: 'Platform portal',
  plant: 'Plant',
  gateway: 'Gateway',
}

export function RecordTimeline({
  timeline,
  showRequest = false,
}: {
  timeline: Timeline
  showRequest?: boolean
}) {
  const { entries } = timeline
  return (
    <Stack>
      {timeline.truncated && <Alert variant="default" title="There is more than is shown here" />}
      {entries.length === 0 ? (
        <Empty title="Nothing is on record" />
      ) : (
        <Line bulletSize={18} lineWidth={2}>
          {entries.map((entry, position) => (
            <Line.Item
              key={position}
              bullet={
                <ColorSwatch size={12} color={colourOf(entry.service)} aria-hidden withShadow={false} />
              }
            >
              <Entry
                entry={entry}
                since={sinceLast(entries[position - 1], entry)}
                showRequest={showRequest}
              />
            </Line.Item>
          ))}
        </Line>
      )}
      <Sources timeline={timeline} />
    </Stack>
  )
}

interface EntryProps {
  entry: TimelineRecord
  since: string
  showRequest: boolean
}

function Entry({ entry, since, showRequest }: EntryProps) {
  return (
    <Stack gap={2}>
      <Text fw={600} size="sm">
        {wordsOf(entry.record)}: {entry.event}
      </Text>
      <Text size="sm">
        {nameOf(entry.service)}, <Moment at={entry.at} />
        {since && (
          <Text span inherit c="dimmed">
            , {since}
          </Text>
        )}
      </Text>
      <Group gap="md">
        {entry.record === 'decision_trace' && entry.subject_id && (
          <Text size="sm" component="div">
            Decision <TraceLink id={entry.subject_id} />
          </Text>
        )}
        {showRequest && entry.correlation_id && (
          <Text size="sm" component="div">
            Request <CorrelationLink id={entry.correlation_id} />
          </Text>
        )}
      </Group>
      <Details entry={entry} />
    </Stack>
  )
}

function Details({ entry }: { entry: TimelineRecord }) {
  const facts = { ...subjectOf(entry), customer_id: entry.customer_id, ...entry.facts }
  return (
    <details>
      <Text component="summary" size="sm">
        Details
      </Text>
      <FactList of={facts} customerId={entry.customer_id ?? undefined} />
    </details>
  )
}

function subjectOf({ record, subject_id: id }: TimelineRecord): Record<string, string> {
  if (id === null) return {}
  return { [isUuid(id) ? `${record}_id` : 'subject']: id }
}

function Sources({ timeline }: { timeline: Timeline }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        Whose records these are
      </Text>
      <List size="sm">
        {timeline.sources.map((source) => (
          <List.Item key={source.service}>
            {nameOf(source.service)}: {source.included ? 'all it has' : 'not included'}
            {source.note && `. ${source.note}`}
          </List.Item>
        ))}
      </List>
    </div>
  )
}

function colourOf(service: string): string {
  return COLOURS[service] ?? 'var(--mantine-color-gray-6)'
}

function nameOf(service: string): string {
  return NAMES[service] ?? service
}

function sinceLast(before: TimelineRecord | undefined, entry: TimelineRecord): string {
  return before === undefined ? '' : `${durationText(Date.parse(entry.at) - Date.parse(before.at))} later`
}
