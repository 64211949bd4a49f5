/** Controls for what is written: texts, numbers, times, lists of texts. */

import { NumberInput, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'

import { commonOf, listIn, textIn, unitSection, type ControlProps } from './field'

interface TextLineProps {
  of: ControlProps
  type?: string
  inputMode?: 'decimal' | 'url'
  read?: (text: string) => string
}

function TextLine({ of: props, type, inputMode, read = (text) => text }: TextLineProps) {
  return (
    <TextInput
      {...commonOf(props)}
      {...unitSection(props)}
      type={type}
      inputMode={inputMode}
      placeholder={exampleOf(props)}
      value={textIn(props)}
      onChange={(event) => {
        const text = read(event.currentTarget.value)
        props.onChange(text === '' ? undefined : text)
      }}
      onBlur={() => props.onBlur(props.id, props.value)}
    />
  )
}

function exampleOf({ schema }: ControlProps): string | undefined {
  const [example] = Array.isArray(schema.examples) ? schema.examples : []
  return example === undefined ? undefined : `For example ${String(example)}`
}

export function TextControl(props: ControlProps) {
  return <TextLine of={props} />
}

export function UrlControl(props: ControlProps) {
  return <TextLine of={props} inputMode="url" read={(text) => text.trim()} />
}

export function TimeControl(props: ControlProps) {
  return <TextLine of={props} type="time" />
}

/** Stays a text, so that no digit is lost. */
export function DecimalControl(props: ControlProps) {
  return <TextLine of={props} inputMode="decimal" read={(text) => text.trim().replace(',', '.')} />
}

export function LongTextControl(props: ControlProps) {
  return (
    <Textarea
      {...commonOf(props)}
      autosize
      minRows={3}
      value={textIn(props)}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
      onBlur={() => props.onBlur(props.id, props.value)}
    />
  )
}

export function NumberControl(props: ControlProps) {
  const { minimum, maximum, multipleOf, type } = props.schema
  return (
    <NumberInput
      {...commonOf(props)}
      {...unitSection(props)}
      hideControls
      clampBehavior="none"
      allowDecimal={type !== 'integer'}
      min={minimum}
      max={maximum}
      step={multipleOf ?? 1}
      value={typeof props.value === 'number' ? props.value : ''}
      onChange={(next) => props.onChange(typeof next === 'number' ? next : undefined)}
      onBlur={() => props.onBlur(props.id, props.value)}
    />
  )
}

export function TagsControl(props: ControlProps) {
  return (
    <TagsInput
      {...commonOf(props)}
      value={listIn(props).map(String)}
      acceptValueOnBlur
      placeholder="Type one and press Enter"
      maxTags={props.schema.maxItems}
      onChange={(tags) => props.onChange(tags)}
      onBlur={() => props.onBlur(props.id, props.value)}
    />
  )
}

/** A text for each line. What is being typed is kept as it is typed, as long as it says the same. */
export function LinesControl(props: ControlProps) {
  const [typed, setTyped] = useState('')
  const lines = listIn(props).map(String)
  const isSame = linesOf(typed).join('\n') === lines.join('\n')
  return (
    <Textarea
      {...commonOf(props)}
      autosize
      minRows={2}
      placeholder="One per line"
      value={isSame ? typed : lines.join('\n')}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        props.onChange(linesOf(event.currentTarget.value))
      }}
      onBlur={() => props.onBlur(props.id, props.value)}
    />
  )
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
