/** How fields are arranged: in their groups, with errors where they belong. */

import { Box, Fieldset, Input, Stack, Text } from '@mantine/core'
import type { FieldTemplateProps, ObjectFieldTemplateProps, RJSFSchema } from '@rjsf/utils'
import type { ReactNode } from 'react'

import { grouped } from './grouped'
import type { FormObject } from './props'
import type { FormTies } from './validator'

type Framed = FieldTemplateProps<FormObject, RJSFSchema, FormTies>
type Fields = ObjectFieldTemplateProps<FormObject, RJSFSchema, FormTies>
type Field = Fields['properties'][number]

/** Controls show their own errors; what holds fields has none of its own. */
export function FieldFrame({ hidden, children, rawErrors, uiSchema }: Framed) {
  if (hidden) return null
  const holdsFields = uiSchema?.['ui:widget'] === undefined
  return (
    <Box>
      {children}
      {holdsFields && rawErrors && rawErrors.length > 0 && <Input.Error>{rawErrors.join('; ')}</Input.Error>}
    </Box>
  )
}

export function FieldGroups({ title, description, properties, uiSchema, schema }: Fields) {
  const shown = properties.filter((field) => !field.hidden)
  const groups = [...grouped(shown, (field) => groupOf(field, uiSchema))]
  const content =
    groups.length > 1 ? (
      groups.map(([name, fields]) => (
        <FieldGroup key={name} name={isTitled(schema, name, fields) ? '' : name} fields={fields} />
      ))
    ) : (
      <Fieldlist fields={shown} />
    )
  if (!title) return <Stack gap="lg">{content}</Stack>
  return (
    <Fieldset legend={title} miw={0}>
      <Stack>
        {description && (
          <Text size="sm" c="dimmed">
            {description}
          </Text>
        )}
        {content}
      </Stack>
    </Fieldset>
  )
}

function groupOf(field: Field, uiSchema: Fields['uiSchema']): string {
  const options: unknown = uiSchema?.[field.name]?.['ui:options']
  return typeof options === 'object' && options !== null && 'group' in options
    ? String(options.group ?? '')
    : ''
}

/** A group of one that is called the same needs no second frame. */
function isTitled(schema: RJSFSchema, name: string, [only, ...others]: readonly Field[]): boolean {
  const field = only && schema.properties?.[only.name]
  return others.length === 0 && typeof field === 'object' && field.type === 'object' && field.title === name
}

function FieldGroup({ name, fields }: { name: string; fields: readonly Field[] }): ReactNode {
  if (name === '') return <Fieldlist fields={fields} />
  return (
    <Fieldset legend={name} miw={0}>
      <Fieldlist fields={fields} />
    </Fieldset>
  )
}

function Fieldlist({ fields }: { fields: readonly Field[] }) {
  return (
    <Stack>
      {fields.map((field) => (
        <Box key={field.name}>{field.content}</Box>
      ))}
    </Stack>
  )
}
