/** Filters of a list, kept in the address, so that what is seen can be sent to somebody. */

import { Button, Group, Paper, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'

export interface FilterField {
  name: string
  label: string
  kind?: 'text' | 'moment'
  options?: readonly string[]
  placeholder?: string
}

export type Filters = Record<string, string>

/** What the address says; a time as an instant, so that it means the same to everybody. */
export function useFilters(fields: readonly FilterField[]): Filters {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const found = fields.map(({ name }) => [name, search[name]] as const)
  return Object.fromEntries(
    found.filter(([, value]) => isGiven(value)).map(([name, value]) => [name, String(value)]),
  )
}

export function useSetFilters(): (next: Filters) => void {
  const navigate = useNavigate()
  return (next) => void navigate({ to: '.', search: next as never, replace: true })
}

function isGiven(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}

export function FilterBar({ fields }: { fields: readonly FilterField[] }) {
  const filters = useFilters(fields)
  const setFilters = useSetFilters()
  const [written, setWritten] = useState<Filters>(() => shown(fields, filters))
  const [shownKey, setShownKey] = useState(() => JSON.stringify(filters))
  const key = JSON.stringify(filters)
  if (key !== shownKey) {
    setShownKey(key)
    setWritten(shown(fields, filters))
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    setFilters(meant(fields, written))
  }

  return (
    <Paper withBorder p="md">
      <form onSubmit={submit} aria-label="Filter the list">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 4 }} spacing="sm">
          {fields.map((field) => (
            <FilterInput
              key={field.name}
              field={field}
              value={written[field.name] ?? ''}
              onChange={(value) => setWritten({ ...written, [field.name]: value })}
            />
          ))}
        </SimpleGrid>
        <Group mt="sm" gap="xs">
          <Button type="submit" variant="default">
            Show these
          </Button>
          <Button variant="subtle" onClick={() => setFilters({})}>
            Show all
          </Button>
        </Group>
      </form>
    </Paper>
  )
}

interface FilterInputProps {
  field: FilterField
  value: string
  onChange: (value: string) => void
}

function FilterInput({ field, value, onChange }: FilterInputProps) {
  const isMoment = field.kind === 'moment'
  if (field.options) {
    return (
      <Select
        label={field.label}
        data={[...field.options]}
        placeholder="any"
        clearable
        value={value === '' ? null : value}
        onChange={(chosen) => onChange(chosen ?? '')}
      />
    )
  }
  return (
    <TextInput
      label={isMoment ? `${field.label} (${zone()})` : field.label}
      type={isMoment ? 'datetime-local' : 'text'}
      placeholder={field.placeholder}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

function shown(fields: readonly FilterField[], filters: Filters): Filters {
  const pairs = fields.map(({ name, kind }) => {
    const value = filters[name] ?? ''
    return [name, kind === 'moment' ? localTime(value) : value] as const
  })
  return Object.fromEntries(pairs)
}

function meant(fields: readonly FilterField[], written: Filters): Filters {
  const pairs = fields.map(({ name, kind }) => {
    const value = (written[name] ?? '').trim()
    return [name, kind === 'moment' ? instant(value) : value] as const
  })
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''))
}

/** An instant as a `datetime-local` field writes it, in the viewer's zone. */
export function localTime(value: string): string {
  const at = new Date(value)
  if (value === '' || Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export function instant(local: string): string {
  const at = new Date(local)
  return local === '' || Number.isNaN(at.getTime()) ? '' : at.toISOString()
}
