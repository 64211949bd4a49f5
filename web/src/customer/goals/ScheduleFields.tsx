/** When a goal runs: only what its frequency asks for. */

import { Group, NumberInput, Select, Text, TextInput } from '@mantine/core'

import type { FieldProblem } from '../../api/problem'
import type { Frequency } from '../wire'
import { fitted, FREQUENCY_WORDS, WEEKDAYS, type Schedule } from './schedule'

interface ScheduleFieldsProps {
  frequencies: readonly Frequency[]
  timezone: string | undefined
  value: Schedule
  onChange: (next: Schedule) => void
  problems: readonly FieldProblem[]
}

const LAST_DAY = 31

export function ScheduleFields({ frequencies, timezone, value, onChange, problems }: ScheduleFieldsProps) {
  const wanted = fitted(value)
  const problemOf = (name: string) => problems.find(({ field }) => field === name)?.message
  return (
    <Group align="flex-start">
      <Select
        label="How often"
        data={frequencies.map((one) => ({ value: one, label: FREQUENCY_WORDS[one] }))}
        value={wanted.frequency}
        allowDeselect={false}
        error={problemOf('frequency')}
        onChange={(next) => {
          const frequency = frequencies.find((one) => one === next)
          if (frequency) onChange(fitted({ ...value, frequency }))
        }}
      />
      {wanted.weekday !== null && (
        <Select
          label="Day of the week"
          data={WEEKDAYS.map((name, index) => ({ value: String(index), label: name }))}
          value={String(wanted.weekday)}
          allowDeselect={false}
          error={problemOf('weekday')}
          onChange={(next) => onChange({ ...wanted, weekday: Number(next ?? 0) })}
        />
      )}
      {wanted.day_of_month !== null && (
        <NumberInput
          label="Day of the month"
          description="In a month without it: its last day"
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          min={1}
          max={LAST_DAY}
          allowDecimal={false}
          value={wanted.day_of_month}
          error={problemOf('day_of_month')}
          onChange={(next) => onChange({ ...wanted, day_of_month: typeof next === 'number' ? next : 1 })}
        />
      )}
      {wanted.time_of_day !== null && (
        <TextInput
          type="time"
          label="At"
          description={timezone ?? "In the agent's time zone"}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          required
          value={wanted.time_of_day.slice(0, 5)}
          error={problemOf('time_of_day')}
          onChange={(event) => onChange({ ...wanted, time_of_day: event.currentTarget.value })}
        />
      )}
      {wanted.frequency === 'on_demand' && (
        <Text size="sm" mt={30}>
          It runs when you press Run now.
        </Text>
      )}
    </Group>
  )
}
