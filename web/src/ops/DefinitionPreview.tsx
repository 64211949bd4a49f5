/** The forms that customers would see of a definition, as it is written. */

import { Alert, Select, Text } from '@mantine/core'
import { CatchBoundary } from '@tanstack/react-router'
import { useState } from 'react'

import { SchemaForm } from '../ui/SchemaForm'
import type { Facts } from './Facts'
import { objectIn } from './schemaTitles'
import { Section } from './Section'

interface Shown {
  name: string
  schema: Facts
  defaults: Facts
}

const CONFIGURATION = 'Configuration'

export function DefinitionPreview({ definition }: { definition: Facts | undefined }) {
  const [name, setName] = useState(CONFIGURATION)
  const forms = definition ? formsOf(definition) : []
  const shown = forms.find((one) => one.name === name) ?? forms[0]
  return (
    <Section title="Preview" about="The forms that customers see; nothing here is stored.">
      <Select
        label="Form"
        data={forms.map((one) => one.name)}
        allowDeselect={false}
        value={shown?.name ?? null}
        onChange={(chosen) => setName(chosen ?? CONFIGURATION)}
      />
      {shown ? (
        <CatchBoundary getResetKey={() => JSON.stringify(shown.schema)} errorComponent={NoForm}>
          <Preview key={JSON.stringify(shown)} shown={shown} />
        </CatchBoundary>
      ) : (
        <Text size="sm">Mend the text first.</Text>
      )}
    </Section>
  )
}

function NoForm({ error }: { error: unknown }) {
  return (
    <Alert color="red" title="This schema makes no form">
      {error instanceof Error ? error.message : String(error)}
    </Alert>
  )
}

function Preview({ shown }: { shown: Shown }) {
  const [value, setValue] = useState<Facts>(shown.defaults)
  return (
    <SchemaForm
      schema={shown.schema}
      value={value}
      onChange={setValue}
      credentials={{ options: [], connectTo: () => '/agent-types' }}
    >
      <Text size="sm" c="dimmed">
        Its buttons would be here.
      </Text>
    </SchemaForm>
  )
}

function formsOf(definition: Facts): Shown[] {
  const templates = Array.isArray(definition['goal_templates']) ? definition['goal_templates'] : []
  return [
    { name: CONFIGURATION, schema: objectIn(definition['config_schema']), defaults: {} },
    ...templates.map((template: unknown, position) => goalForm(objectIn(template), position)),
  ]
}

function goalForm(template: Facts, position: number): Shown {
  return {
    name: `Goal ${position + 1}: ${String(template['display_name'])}`,
    schema: objectIn(template['settings_schema']),
    defaults: objectIn(template['defaults']),
  }
}
