/** What all controls of a form have in common: their label, help, error and unit. */

import { Text, VisuallyHidden } from '@mantine/core'
import type { RJSFSchema, WidgetProps } from '@rjsf/utils'
import type { ReactNode } from 'react'

import type { Choice } from './hints'
import type { FormObject } from './props'
import type { FormTies } from './validator'

export type ControlProps = WidgetProps<FormObject, RJSFSchema, FormTies>

interface Common {
  id: string
  name: string
  label: ReactNode
  description: ReactNode
  error: ReactNode
  required: boolean
  disabled: boolean
  readOnly: boolean
}

export function commonOf(props: ControlProps): Common {
  const { id, htmlName, label, options, rawErrors, required, disabled, readonly } = props
  return {
    id,
    name: htmlName ?? id,
    label: <LabelWithUnit label={label} unit={unitOf(props)} />,
    description: options.description,
    error: rawErrors && rawErrors.length > 0 ? rawErrors.join('; ') : undefined,
    required: Boolean(required),
    disabled: Boolean(disabled),
    readOnly: Boolean(readonly),
  }
}

/** The unit is seen behind the number; whoever hears the page hears it with the label. */
function LabelWithUnit({ label, unit }: { label: string; unit: string | undefined }) {
  return (
    <>
      {label}
      {unit !== undefined && <VisuallyHidden>, in {unit}</VisuallyHidden>}
    </>
  )
}

export function unitOf({ options }: ControlProps): string | undefined {
  const { unit } = options
  return typeof unit === 'string' ? unit : undefined
}

export function unitSection(props: ControlProps) {
  const unit = unitOf(props)
  if (unit === undefined) return {}
  return {
    rightSection: (
      <Text size="sm" c="dimmed" aria-hidden="true">
        {unit}
      </Text>
    ),
    rightSectionWidth: `${unit.length + 2}ch`,
  }
}

export function choicesIn({ options }: ControlProps): Choice[] {
  const { choices } = options
  if (Array.isArray(choices)) return choices as Choice[]
  return (options.enumOptions ?? []).map(({ value, label }) => ({ value: value as unknown, label }))
}

export function textIn({ value }: ControlProps): string {
  return value === undefined || value === null ? '' : String(value)
}

export function listIn({ value }: ControlProps): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : []
}
