/** The settings of a goal in one line, by the titles and labels of their schema. */

import { Text } from '@mantine/core'
import { Fragment } from 'react'

import { inWords } from '../../ui/StateBadge'
import { VisibleText } from '../../ui/VisibleText'
import { isRecord } from '../review/body'

interface SettingsTextProps {
  settings: Record<string, unknown>
  schema: Record<string, unknown> | undefined
}

export function SettingsText({ settings, schema }: SettingsTextProps) {
  const entries = Object.entries(settings)
  if (entries.length === 0) return null
  return (
    <Text size="sm" component="div" className="anywhere">
      {entries.map(([name, value], index) => {
        const field = fieldOf(schema, name)
        return (
          <Fragment key={name}>
            {index > 0 && ' · '}
            {typeof field['title'] === 'string' ? field['title'] : inWords(name)}:{' '}
            <VisibleText text={textOf(value, labelsOf(field))} />
          </Fragment>
        )
      })}
    </Text>
  )
}

function fieldOf(schema: Record<string, unknown> | undefined, name: string): Record<string, unknown> {
  const properties = schema?.['properties']
  const field = isRecord(properties) ? properties[name] : undefined
  return isRecord(field) ? field : {}
}

function labelsOf(field: Record<string, unknown>): Record<string, unknown> {
  const hints = field['x-ui']
  const labels = isRecord(hints) ? hints['labels'] : undefined
  return isRecord(labels) ? labels : {}
}

function textOf(value: unknown, labels: Record<string, unknown>): string {
  if (Array.isArray(value)) return value.map((item) => textOf(item, labels)).join(', ')
  if (isRecord(value)) return JSON.stringify(value)
  const label = labels[String(value)]
  return typeof label === 'string' ? label : String(value)
}
