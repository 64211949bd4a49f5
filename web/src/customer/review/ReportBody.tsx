/** What an agent wrote beside the action: reasons, tables, problems, and whatever else is in the body, by its name. */

import { Alert, List, Stack, Table, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

import { inWords } from '../../ui/StateBadge'
import { VisibleText } from '../../ui/VisibleText'
import { isRecord, readBody, type BodyTable } from './body'

interface ReportBodyProps {
  body: Record<string, unknown> | null | undefined
  /** Fields that the page shows elsewhere. */
  without?: readonly string[]
}

export function ReportBody({ body, without = [] }: ReportBodyProps) {
  const { problem, problems, paragraphs, tables, others } = readBody(body, without)
  return (
    <Stack>
      {problem && (
        <Alert color="red" icon={<IconAlertTriangle />} title={`Why it failed: ${inWords(problem.reason)}`}>
          {problem.detail}
        </Alert>
      )}
      {problems.length > 0 && (
        <Alert color="orange" icon={<IconAlertTriangle />} title="What is in the way">
          <List>
            {problems.map((one) => (
              <List.Item key={one}>{one}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {paragraphs.map((text) => (
        <Text key={text} component="div">
          <VisibleText text={text} />
        </Text>
      ))}
      {tables.map((table) => (
        <ReportTable key={table.title} table={table} />
      ))}
      {others.length > 0 && (
        <dl className="fields">
          {others.map(([name, value]) => (
            <div key={name}>
              <dt>{inWords(name)}</dt>
              <dd>
                <VisibleText text={isRecord(value) ? JSON.stringify(value) : String(value)} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Stack>
  )
}

function ReportTable({ table }: { table: BodyTable }) {
  return (
    <section>
      <Title order={3} size="h5" mb="xs">
        {table.title}
      </Title>
      <Table.ScrollContainer minWidth={320}>
        <Table withTableBorder striped>
          <Table.Thead>
            <Table.Tr>
              {table.columns.map((column) => (
                <Table.Th key={column} scope="col">
                  {column}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {table.rows.map((row, index) => (
              <Table.Tr key={index}>
                {row.map((cell, at) => (
                  <Table.Td key={at}>
                    <VisibleText text={cell} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  )
}
