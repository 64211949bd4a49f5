/** The form library's validator, made of one that needs no code generation, so that the pages' policy can forbid it. */

import {
  toErrorList,
  unwrapErrorHandler,
  createErrorHandler,
  validationDataMerge,
  type CustomValidator,
  type ErrorSchema,
  type ErrorTransformer,
  type RJSFSchema,
  type RJSFValidationError,
  type UiSchema,
  type ValidationData,
  type ValidatorType,
} from '@rjsf/utils'

import type { FieldProblem } from '../../api/problem'
import { isObject, partsOf } from './pointers'
import { problemsOf, validatorOf } from './problems'
import type { FormObject } from './props'

export type FormValidator = ValidatorType<FormObject, RJSFSchema, FormTies>
/** What fields of a form may ask for, whatever their schema. */
export type FormTies = Record<string, unknown>

type Fields = { [name: string]: Fields } & { __errors?: string[] }

/** The library's shape of errors: a tree like the value, with the messages of each field at `__errors`. */
export function errorTreeOf(problems: readonly FieldProblem[]): ErrorSchema<FormObject> {
  const tree: Fields = {}
  for (const { field, message } of problems) {
    let node = tree
    for (const part of partsOf(field)) node = childOf(node, part)
    node.__errors = [...(node.__errors ?? []), message]
  }
  return tree as ErrorSchema<FormObject>
}

/** A field's name is only ever a name, also where it is one that every object has. */
function childOf(node: Fields, name: string): Fields {
  if (!Object.hasOwn(node, name)) {
    const child: Fields = {}
    Object.defineProperty(node, name, { value: child, enumerable: true, writable: true, configurable: true })
  }
  return node[name] ?? {}
}

function validateFormData(
  formData: FormObject | undefined,
  schema: RJSFSchema,
  customValidate?: CustomValidator<FormObject, RJSFSchema, FormTies>,
  transformErrors?: ErrorTransformer<FormObject, RJSFSchema, FormTies>,
  uiSchema?: UiSchema<FormObject, RJSFSchema, FormTies>,
): ValidationData<FormObject> {
  const value = formData ?? {}
  const errorSchema = errorTreeOf(problemsOf(schema, value))
  const errors = toErrorList<FormObject>(errorSchema)
  const found = { errors: transformErrors?.(errors, uiSchema) ?? errors, errorSchema }
  if (customValidate === undefined) return found
  const handler = customValidate(value, createErrorHandler<FormObject>(value), uiSchema)
  return validationDataMerge<FormObject>(found, unwrapErrorHandler<FormObject>(handler))
}

/** Also asked of parts of a schema, whose references lead into the whole. */
function isValid(schema: RJSFSchema, formData: FormObject | undefined, rootSchema: RJSFSchema): boolean {
  try {
    return formData !== undefined && validatorOf(withDefinitions(schema, rootSchema)).validate(formData).valid
  } catch {
    return false
  }
}

function withDefinitions(schema: RJSFSchema, root: RJSFSchema): RJSFSchema {
  const { $defs, definitions } = root
  const isWhole = schema === root || (!isObject($defs) && !isObject(definitions))
  return isWhole
    ? schema
    : { ...($defs ? { $defs } : {}), ...(definitions ? { definitions } : {}), ...schema }
}

function rawValidation<Result = unknown>(schema: RJSFSchema, formData?: FormObject) {
  const errors: RJSFValidationError[] = toErrorList(errorTreeOf(problemsOf(schema, formData ?? {})))
  return { errors: errors as Result[] }
}

export const validator: FormValidator = { validateFormData, isValid, rawValidation }
