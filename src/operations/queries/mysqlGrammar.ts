/** Parts of the parser's tree, by the names that it gives them, that a query may be made of. Empty ones don't count. */
export const treeNames: ReadonlySet<string> = new Set(
  `AllOp AnyOp BigInt Between Binary BinaryOp Boolean Case Cast Ceil Char Collate CompoundIdentifier Convert CurrentRow Date Datetime Decimal Default
   Derived Distinct Double Exists Expr ExprWithAlias Expressions Extract Field Float Floor Following ForOrdinality Function HexStringLiteral
   Identifier InList InSubquery Inner Int Integer IntegerLength Interval IsFalse IsNotFalse IsNotNull IsNotTrue IsNotUnknown IsNull IsTrue IsUnknown
   Join JoinOperator JsonTable JSON Left LeftAnti LeftOuter Like LimitOffset LimitBy List MatchAgainst Named NamedWindow NationalStringLiteral Nested
   NestedJoin Null Number ObjectName OffsetCommaLimit On OrderBy Overlay Placeholder Position Preceding PrecisionAndScale Prefixed QualifiedWildcard
   Query RLike Regexp Right RightOuter Select Separator SetOperation Signed SingleQuotedByteStringLiteral SingleQuotedString StraightJoin Subquery
   Substring Table TableAlias Time Timestamp Trim Tuple TypedString UnaryOp Unnamed UnnamedExpr Unsigned Using Value Values Varchar Week Wildcard
   WindowSpec Word CrossJoin Natural JoinConstraint Year Month Day Hour Minute Second Quarter Custom DateTimeField alias args asc at body case_token charset clauses
   closing_paren_token closing_token collation column columns compare_op condition conditions content cte_tables data_type distinct
   duplicate_treatment else_result end end_bound end_token escape_char exclude_clause explicit expr fields flavor fractional_seconds_precision from
   group_by having high high_priority hint_type in index_hints index_names index_type into_values is_try join_operator joins json_expr json_path
   keyword kind last_field leading_field leading_precision left length limit limit_clause line list low match_value name named_window negated
   null_treatment nulls_first offset on_empty on_error op opening_token operand opt_search_modifier options order_by over overlay_for overlay_from
   overlay_what partition_by partitions path pattern precision prefix projection quantifier query field quote_style recursive regexp relation result right rows
   scale select_modifiers select_token selection set_quantifier shorthand span special sql_no_cache sql_small_result sql_big_result
   sql_buffer_result straight_join start start_bound styles subquery substring_for substring_from syntax token top_before_distinct trim_characters
   trim_what trim_where type unit units units_fractional value values value_table_mode wildcard_token window_before_qualify window_frame window_name
   with with_from_keyword with_token within_group word lateral explicit_row row nested nulls r`.split(/\s+/),
);

/** What stands at the top of a statement that writes, and the parts of it. */
export const writeNames: ReadonlySet<string> = new Set(
  `insert_token update_token delete_token into table TableName TableObject Table columns source assignments target ColumnName relation selection from
   WithFromKeyword`.split(/\s+/),
);

/** Words that begin what no query needs, wherever they stand without quotes: a second line behind the parser, which takes some for a name. */
export const refusedWords: ReadonlySet<string> = new Set(
  "outfile dumpfile infile procedure handler unlock load_file sleep benchmark get_lock sql_calc_found_rows sql_cache".split(" "),
);

/** What a refusal calls a part of the tree. */
export const partWords: Readonly<Record<string, string>> = {
  into: "INTO",
  locks: "FOR UPDATE or another lock of rows",
  Insert: "INSERT",
  Update: "UPDATE",
  Delete: "DELETE",
  ignore: "IGNORE",
  replace_into: "REPLACE",
  on: "ON DUPLICATE KEY UPDATE",
  limit: "LIMIT",
  order_by: "ORDER BY",
  returning: "RETURNING (what is changed is shown anyway)",
  joins: "more than one table",
};
