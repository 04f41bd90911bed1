/** A schema whose tool fields and their types are made when something first reads them: 10,000 tools cost what is used of them. */
import {
  getNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  isInputObjectType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLFieldConfig,
  type GraphQLNamedType,
  type GraphQLSchemaConfig,
} from "graphql";

export type MakeField = () => GraphQLFieldConfig<unknown, unknown>;

export class LazySchema extends GraphQLSchema {
  readonly #find: (typeName: string) => void;

  /** `find` is asked for types that are not there yet: it reads the fields that lead to them. */
  constructor(config: GraphQLSchemaConfig, find: (typeName: string) => void) {
    super(config);
    this.#find = find;
  }

  /** Gives a type of this schema one more field. Only after construction: a schema's constructor reads every field. */
  addField(parent: GraphQLObjectType, name: string, make: MakeField): void {
    const fields = parent.getFields();
    Object.defineProperty(fields, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = makeField(parent, name, make());
        Object.defineProperty(fields, name, { enumerable: true, configurable: true, writable: true, value });
        for (const type of typesOf(value)) this.getTypeMap()[type.name] ??= type;
        return value;
      },
    });
  }

  override getType(name: string): GraphQLNamedType | undefined {
    const known = super.getType(name);
    if (known) return known;
    this.#find(name);
    return super.getType(name);
  }
}

/** Is there such a field that nothing has read yet? */
export function isUnread(parent: GraphQLObjectType, name: string): boolean {
  return Object.getOwnPropertyDescriptor(parent.getFields(), name)?.get !== undefined;
}

/** A field outside its type's list; the class of fields is not exported, so a type of the same name makes it. */
export function makeField(
  parent: GraphQLObjectType,
  name: string,
  config: GraphQLFieldConfig<unknown, unknown>,
): GraphQLField<unknown, unknown> {
  const field = new GraphQLObjectType({ name: parent.name, fields: { [name]: config } }).getFields()[name]!;
  field.parentType = parent;
  return field;
}

/** Every named type that a field's arguments and result lead to. */
export function typesOf(field: GraphQLField<unknown, unknown>): ReadonlySet<GraphQLNamedType> {
  const reached = new Set<GraphQLNamedType>([getNamedType(field.type)]);
  for (const { type } of field.args) reached.add(getNamedType(type));
  // A set's iteration also visits what is added meanwhile.
  for (const type of reached) {
    if (isUnionType(type)) for (const member of type.getTypes()) reached.add(member);
    else if (isInputObjectType(type))
      for (const inner of Object.values(type.getFields())) reached.add(getNamedType(inner.type));
    else if (isObjectType(type))
      for (const inner of Object.values(type.getFields())) reached.add(getNamedType(inner.type));
  }
  return reached;
}
