/** Nodes of PostgreSQL's grammar that a query may be made of. */
export const nodeNames: ReadonlySet<string> = new Set(
  `SelectStmt ResTarget ColumnRef A_Star A_Const String Integer Float Boolean BitString A_Expr BoolExpr NullTest BooleanTest FuncCall TypeCast TypeName
   SubLink CaseExpr CaseWhen CoalesceExpr MinMaxExpr SQLValueFunction RangeVar RangeSubselect RangeFunction JoinExpr List SortBy WindowDef
   CommonTableExpr GroupingSet GroupingFunc A_ArrayExpr A_Indirection A_Indices RowExpr ParamRef NamedArgExpr CollateClause RangeTableSample ColumnDef
   SetToDefault JsonObjectConstructor JsonArrayConstructor JsonArrayQueryConstructor JsonObjectAgg JsonArrayAgg JsonKeyValue JsonValueExpr
   JsonIsPredicate JsonParseExpr JsonScalarExpr JsonSerializeExpr JsonFuncExpr JsonTable JsonTableColumn JsonTablePathSpec JsonArgument`.split(
    /\s+/,
  ),
);

/** Fields of those nodes. `intoClause` and `lockingClause` are no part of it. */
export const clauseNames: ReadonlySet<string> = new Set(
  `absent_on_null agg_distinct agg_filter agg_order agg_star agg_within_group alias aliascolnames aliasname all arg argnumber args
   arrayBounds boolop booltesttype boolval bsval btype coldeflist collname colname colnames coltype columns constructor content
   context_item ctematerialized ctename ctequery ctes cycle_clause cycle_col_list cycle_mark_column cycle_mark_default
   cycle_mark_value cycle_path_column defresult distinctClause elements encoding endOffset expr exprs fields format format_type
   frameOptions fromClause func_variadic funcformat funcname functions fval groupClause groupDistinct havingClause indirection inh
   is_local is_rowsfrom is_slice isNatural isnull item_type items ival join_using_alias jointype key kind larg lateral lexpr lidx
   limitCount limitOffset limitOption list_end list_start location method name name_location names node nulltesttype number
   on_empty on_error op operName orderClause ordinality output over partitionClause passing pathspec pct_type quals quotes rarg
   raw_expr recursive refname relation relname relpersistence repeatable result returning rexpr rexpr_list_end rexpr_list_start
   row_format schemaname search_breadth_first search_clause search_col_list search_seq_column setof sortby_dir sortby_nulls
   sortClause startOffset string subLinkType subquery subselect sval targetList testexpr typemod typeName typeOid typmod typmods
   uidx unique_keys useOp usingClause val value valuesLists whereClause windowClause withClause wrapper`.split(/\s+/),
);

/** What stands at the top of a statement that writes. */
export const writeClauses: ReadonlySet<string> = new Set(
  "relation cols selectStmt override targetList whereClause fromClause usingClause withClause".split(" "),
);

/** Operators of PostgreSQL and of its widespread extensions; any other may be somebody's function. */
export const operators: ReadonlySet<string> = new Set(
  `+ - * / % ^ = <> != < > <= >= || | & # ~ << >> |/ ||/ @ ~~ !~~ ~~* !~~* ~* !~ !~* ^@ -> ->> #> #>> @> <@ ? ?| ?& #- @? @@ @@@ && &< &> -|- <-> <=> <#>
   <<= >>= !! ~= ## ?# ?- ?|| <^ >^ &<| |&> <<| |>> ~<~ ~>~ ~<=~ ~>=~ <% %> <<-> <->> *= *<> BETWEEN IN`.split(/\s+/),
);

/** What a refusal calls a part of the grammar. */
export const statementWords: Readonly<Record<string, string>> = {
  intoClause: "SELECT … INTO",
  lockingClause: "FOR UPDATE or another lock of rows",
  InsertStmt: "INSERT",
  UpdateStmt: "UPDATE",
  DeleteStmt: "DELETE",
  MergeStmt: "MERGE",
  CurrentOfExpr: "WHERE CURRENT OF",
  XmlExpr: "XML",
  XmlSerialize: "XML",
  RangeTableFunc: "XMLTABLE",
  MultiAssignRef: "SET (…) = …",
  returningClause: "RETURNING (what is changed is shown anyway)",
  onConflictClause: "ON CONFLICT … DO UPDATE",
};
