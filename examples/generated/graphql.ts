/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type ExecutionStatus =
  | 'ERROR'
  | 'SUCCESS';

export type FindToolQueryVariables = Exact<{
  need: string;
}>;


export type FindToolQuery = { searchTools: Array<{ tool: { serverId: string, name: string, signature: string } }> };

export type RunToolMutationVariables = Exact<{
  serverId: string | number;
  toolName: string;
  input?: unknown;
  select?: string | null | undefined;
}>;


export type RunToolMutation = { executeTool: { status: ExecutionStatus, output: unknown, error: { code: string, suggestion: string | null, retryable: boolean } | null } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const FindToolDocument = new TypedDocumentString(`
    query FindTool($need: String!) {
  searchTools(query: $need, first: 3) {
    tool {
      serverId
      name
      signature
    }
  }
}
    `) as unknown as TypedDocumentString<FindToolQuery, FindToolQueryVariables>;
export const RunToolDocument = new TypedDocumentString(`
    mutation RunTool($serverId: ID!, $toolName: String!, $input: JSON, $select: String) {
  executeTool(
    serverId: $serverId
    toolName: $toolName
    input: $input
    select: $select
  ) {
    status
    output
    error {
      code
      suggestion
      retryable
    }
  }
}
    `) as unknown as TypedDocumentString<RunToolMutation, RunToolMutationVariables>;