/** Facts on record as names and values; ids lead to what they name, text from elsewhere is shown exactly. */

import { Box, Code, Flex, Text } from '@mantine/core'
import type { ReactNode } from 'react'

import { VisibleText } from '../ui/VisibleText'
import { CorrelationLink, CustomerLink, DeliverableLink, HiredAgentLink, isUuid, TraceLink } from './links'

export type Facts = Record<string, unknown>

interface FactListProps {
  of: Facts
  customerId?: string | undefined
}

export function FactList({ of: facts, customerId }: FactListProps) {
  const known = Object.entries(facts).filter(([, value]) => !isEmpty(value))
  if (known.length === 0) return null
  return (
    <Box component="dl" m={0}>
      {known.map(([name, value]) => (
        <Flex key={name} wrap="wrap" columnGap="md" mb={4}>
          <Text component="dt" size="sm" c="dimmed" flex="0 0 10rem">
            {wordsOf(name)}
          </Text>
          <Box component="dd" m={0} miw={0} flex="1 1 12rem">
            <FactValue name={name} value={value} customerId={customerId ?? customerOf(facts)} />
          </Box>
        </Flex>
      ))}
    </Box>
  )
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

/** `client_order_id` as people write it. */
export function wordsOf(name: string): string {
  const words = name.replaceAll('_', ' ').replaceAll('.', ': ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function customerOf(facts: Facts): string | undefined {
  const { customer_id: id } = facts
  return typeof id === 'string' ? id : undefined
}

interface FactValueProps {
  name: string
  value: unknown
  customerId: string | undefined
}

function FactValue({ name, value, customerId }: FactValueProps) {
  if (typeof value === 'string') return <TextFact name={name} value={value} customerId={customerId} />
  if (typeof value === 'boolean') return <Text size="sm">{value ? 'yes' : 'no'}</Text>
  if (typeof value === 'number') return <Text size="sm">{value}</Text>
  if (Array.isArray(value) && value.every(isPlain)) return <TextFact name={name} value={value.join(', ')} />
  return <JsonText of={value} />
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

type IdView = (id: string, customerId: string | undefined) => ReactNode

const ID_VIEWS: Record<string, IdView> = {
  correlation_id: (id) => <CorrelationLink id={id} />,
  customer_id: (id) => <CustomerLink id={id} />,
  trace_id: (id) => <TraceLink id={id} />,
  deliverable_id: (id, of) => of && <DeliverableLink id={id} customerId={of} />,
  hired_instance_id: (id, of) => of && <HiredAgentLink id={id} customerId={of} />,
}

interface TextFactProps {
  name: string
  value: string
  customerId?: string | undefined
}

function TextFact({ name, value, customerId }: TextFactProps) {
  if (isUuid(value)) {
    return <>{ID_VIEWS[name]?.(value, customerId) || <Code>{value}</Code>}</>
  }
  return (
    <Text size="sm" component="div">
      <VisibleText text={value} />
    </Text>
  )
}

export function JsonText({ of: value }: { of: unknown }) {
  return (
    <Code block fz="xs">
      <VisibleText text={JSON.stringify(value, null, 2)} />
    </Code>
  )
}
