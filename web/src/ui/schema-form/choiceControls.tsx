/** Controls for what is chosen: one of several, several of several, a time zone, a picture, a connected account. */

import { Anchor, Checkbox, Group, Radio, Select, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'

import { AgentPicture } from '../AgentPicture'
import { choicesIn, commonOf, listIn, textIn, type ControlProps } from './field'
import type { Choice } from './hints'
import { isObject } from './pointers'
import type { FormCredentials } from './props'
import { timezones } from './timezones'

function chosen(choices: readonly Choice[], text: string | null): unknown {
  return choices.find(({ value }) => String(value) === text)?.value
}

/** What was chosen once stays visible, even if it is not offered any more. */
function withPresent(data: readonly { value: string; label: string }[], present: string, label = present) {
  return present === '' || data.some(({ value }) => value === present)
    ? [...data]
    : [...data, { value: present, label }]
}

export function SelectControl(props: ControlProps) {
  const choices = choicesIn(props)
  const data = choices.map(({ value, label }) => ({ value: String(value), label }))
  const present = textIn(props)
  return (
    <Select
      {...commonOf(props)}
      data={withPresent(data, present)}
      value={present === '' ? null : present}
      clearable={!props.required && !props.readonly && props.options['choices'] !== undefined}
      allowDeselect={false}
      nothingFoundMessage="Nothing to choose"
      onChange={(next) => props.onChange(next === null ? undefined : (chosen(choices, next) ?? next))}
      onBlur={() => props.onBlur(props.id, props.value)}
    />
  )
}

export function TimezoneControl(props: ControlProps) {
  const preset: unknown = props.schema.default
  const names = timezones([textIn(props), typeof preset === 'string' ? preset : ''])
  return (
    <Select
      {...commonOf(props)}
      data={names}
      value={textIn(props) || null}
      searchable
      limit={60}
      nothingFoundMessage="No zone is called that"
      allowDeselect={false}
      onChange={(next) => props.onChange(next ?? undefined)}
      onBlur={() => props.onBlur(props.id, props.value)}
    />
  )
}

export function RadioControl(props: ControlProps) {
  return <RadioChoice of={props} />
}

export function AvatarControl(props: ControlProps) {
  return <RadioChoice of={props} hasPictures />
}

function RadioChoice({ of: props, hasPictures = false }: { of: ControlProps; hasPictures?: boolean }) {
  const choices = choicesIn(props)
  const { disabled, ...common } = commonOf(props)
  return (
    <Radio.Group
      {...common}
      value={textIn(props)}
      onChange={(next) => props.onChange(chosen(choices, next))}
      onBlur={() => props.onBlur(props.id, props.value)}
    >
      <Group gap="md" mt="xs">
        {choices.map(({ value, label }) => (
          <Group key={String(value)} gap={6} wrap="nowrap">
            {hasPictures && <AgentPicture name={String(value)} size="sm" />}
            <Radio value={String(value)} label={label} disabled={disabled} />
          </Group>
        ))}
      </Group>
    </Radio.Group>
  )
}

/** Several of several, in the order in which they are offered. */
export function CheckboxesControl(props: ControlProps) {
  const choices = choicesIn(props)
  const { disabled, name, ...common } = commonOf(props)
  return (
    <Checkbox.Group
      {...common}
      value={listIn(props).map(String)}
      onChange={(next) =>
        props.onChange(choices.map(({ value }) => value).filter((value) => next.includes(String(value))))
      }
      onBlur={() => props.onBlur(props.id, props.value)}
    >
      <Group gap="md" mt="xs">
        {choices.map(({ value, label }) => (
          <Checkbox key={String(value)} name={name} value={String(value)} label={label} disabled={disabled} />
        ))}
      </Group>
    </Checkbox.Group>
  )
}

/** A reference to what the vault holds: secrets are never typed into a form. */
export function CredentialControl(props: ControlProps) {
  const wanted: unknown = props.schema['x-credential']
  const kind = isObject(wanted) ? String(wanted['kind']) : ''
  const provider = isObject(wanted) ? String(wanted['provider']) : ''
  const credentials = props.registry.formContext['credentials'] as FormCredentials | undefined
  const fitting = (credentials?.options ?? []).filter((one) => one.kind === kind && one.provider === provider)
  const data = fitting.map(({ ref, label }) => ({ value: ref, label }))
  const { description, ...common } = commonOf(props)
  return (
    <Select
      {...common}
      data={withPresent(data, textIn(props), 'An account that is not connected any more')}
      value={textIn(props) || null}
      placeholder={fitting.length === 0 ? 'None is connected yet' : 'Choose an account'}
      clearable={!props.required}
      nothingFoundMessage="None is connected yet"
      allowDeselect={false}
      inputWrapperOrder={['label', 'description', 'input', 'error']}
      description={
        <>
          {description}
          {credentials && (
            <Text span size="sm">
              {' '}
              <Anchor
                component={Link}
                to={credentials.connectTo(kind, provider)}
                underline="always"
                size="sm"
              >
                Connect {fitting.length === 0 ? 'an' : 'another'} account
              </Anchor>
            </Text>
          )}
        </>
      }
      onChange={(next) => props.onChange(next ?? undefined)}
      onBlur={() => props.onBlur(props.id, props.value)}
    />
  )
}
