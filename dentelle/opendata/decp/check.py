"""Every defect met in real DECP data, what is done about it, and the test that proves it.

A rule is one of: ``repaired`` (the value is mended, and a flag says so where the mending could be discussed), ``flagged`` (kept as it is,
with a flag or apart from sums), ``merged`` (a repetition, kept in lineage), ``rejected`` (not read; the rejects table says where and why).
A test fails when a row has no test, or when a test of ``tests/opendata/decp/defects`` names no row.
"""

from dataclasses import dataclass

REPAIRED, FLAGGED, MERGED, REJECTED = "repaired", "flagged", "merged", "rejected"


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect: its code (used in ``flags`` and ``rejects``), its French sentence, its rule and its test."""

    code: str
    sentence: str
    rule: str
    test: str


_ROWS = (
    # text
    ("lost_accents", "Des accents sont perdus (caractère de remplacement) ; le texte est gardé tel quel, la recherche s’en passe.", FLAGGED, "test_lost_accents_keep_the_word"),
    ("invalid_utf8", "Des octets ne sont pas de l’UTF-8 ; ils sont lus comme du Windows-1252.", REPAIRED, "test_bytes_that_are_not_utf8_are_read_as_windows_1252"),
    ("control_characters", "Des caractères de contrôle se trouvent dans le texte ; ils sont retirés.", REPAIRED, "test_control_characters_are_dropped"),
    ("direction_signs", "Des signes invisibles qui changent le sens de lecture (U+202A à U+202E, U+2066 à U+2069) se trouvent dans un texte ; ils sont retirés.", REPAIRED, "test_signs_that_turn_the_reading_around_are_dropped"),
    ("bad_escape", "Des barres obliques inverses en trop rendent le texte illisible ; elles sont neutralisées.", REPAIRED, "test_runaway_backslashes_are_neutralised"),
    ("bom", "Le fichier commence par une marque d’ordre des octets ; elle est ignorée.", REPAIRED, "test_a_byte_order_mark_is_skipped"),
    ("nan_token", "Le mot NaN ou Infinity tient lieu de valeur ; il est lu comme une absence.", REPAIRED, "test_a_bare_nan_is_an_absence"),
    ("number_as_text", "Un nombre est écrit comme un texte ; il est lu comme un nombre.", REPAIRED, "test_a_number_written_as_text_is_a_number"),
    ("padded_key", "Le nom d’un champ porte des espaces ; elles sont retirées.", REPAIRED, "test_a_key_with_a_trailing_space_is_read"),
    ("flat_key", "Un champ imbriqué est donné à plat (« acheteur.id ») ; il est remis à sa place.", REPAIRED, "test_a_flat_buyer_key_is_read"),
    ("not_communicated", "« NC », « MQ » ou « nan » tient lieu de valeur ; il est lu comme une absence.", REPAIRED, "test_nc_is_an_absence"),
    ("unreadable_value", "Un champ n’a pas la forme attendue ; il est lu comme une absence.", FLAGGED, "test_a_field_of_the_wrong_shape_is_an_absence"),
    # dates
    ("date_missing", "Aucune date de notification (ou de signature) ; le contrat reste courant, daté par sa publication ou son numéro.", FLAGGED, "test_a_contract_without_date_stays_current"),
    ("date_time_zone", "La date porte un fuseau horaire ; il est retiré.", REPAIRED, "test_a_time_zone_is_stripped"),
    ("date_written_out", "La date est écrite dans un autre ordre ou en toutes lettres ; elle est lue.", REPAIRED, "test_a_date_written_out_is_read"),
    ("date_ancient", "La date est impossible (an 0218, 0021…) ; elle n’est pas devinée.", FLAGGED, "test_an_ancient_year_is_not_guessed"),
    ("date_unreadable", "La date est illisible ; elle est lue comme une absence.", FLAGGED, "test_an_unreadable_date_is_an_absence"),
    ("date_future", "La date est postérieure à la date de référence du jeu de données ; elle n’est pas retenue.", FLAGGED, "test_a_future_date_is_set_aside"),
    ("published_before_notified", "La publication précède la notification.", FLAGGED, "test_published_before_notified_is_flagged"),
    # amounts
    ("amount_missing", "Le montant est absent.", FLAGGED, "test_a_missing_amount_is_not_zero"),
    ("amount_unreadable", "Le montant est illisible.", FLAGGED, "test_an_unreadable_amount_is_not_zero"),
    ("amount_not_positive", "Le montant est nul ou négatif : gardé, hors des sommes.", FLAGGED, "test_an_amount_of_zero_or_less_stays_out_of_sums"),
    ("amount_too_small", "Le montant est inférieur à 1 € : gardé, hors des sommes.", FLAGGED, "test_an_amount_under_one_euro_stays_out_of_sums"),
    ("amount_very_low", "Le montant ne dépasse pas 200 € : gardé et compté, à vérifier.", FLAGGED, "test_an_amount_of_a_few_euros_is_flagged"),
    ("amount_below_threshold", "Le montant est sous le seuil de publication de 25 000 €.", FLAGGED, "test_an_amount_below_the_publication_threshold_is_flagged"),
    ("amount_very_large", "Le montant dépasse 100 M€ : gardé et compté, à vérifier.", FLAGGED, "test_an_amount_over_a_hundred_million_is_flagged"),
    ("amount_too_large", "Le montant dépasse 1 Md€ : gardé, hors des sommes.", FLAGGED, "test_an_amount_over_a_billion_stays_out_of_sums"),
    ("amount_placeholder", "Le montant est un bouche-trou (99999…, 11111…, 123456789) : gardé, hors des sommes.", FLAGGED, "test_a_placeholder_amount_stays_out_of_sums"),
    ("amount_repeated", "Une autre ligne du même numéro porte le même montant (même objet ou même titulaire) sans qu’on puisse prouver que c’est le même contrat : gardé, compté une seule fois, hors des sommes ici.", FLAGGED, "test_an_amount_told_twice_under_one_number_counts_once"),
    ("amount_in_doubt", "Une autre ligne du même numéro et du même titulaire (même objet ou même jour) porte un montant plus petit : correction ou lot, rien ne le prouve ; seul le plus petit est compté, celui-ci est gardé hors des sommes.", FLAGGED, "test_of_two_amounts_nothing_explains_the_smallest_counts"),
    # repetitions and identity
    ("repeated_in_source", "Le même contrat est répété dans une source ; une seule ligne est gardée.", MERGED, "test_a_repetition_in_one_source_is_merged"),
    ("repeated_across_sources", "Le même contrat vient de deux sources ; une seule ligne est gardée.", MERGED, "test_a_repetition_across_sources_is_merged"),
    ("corrected_by_republication", "Le contrat a été republié avec un autre montant (mêmes numéro, objet, titulaires et notification, publication postérieure) ; la dernière version est courante, les précédentes sont gardées dans la traçabilité.", MERGED, "test_a_republished_correction_supersedes_the_former_version"),
    ("co_holders_apart", "Les co-titulaires ont été publiés chacun dans une déclaration (mêmes numéro, objet, montant et dates) ; ils sont réunis et le montant est compté une fois.", MERGED, "test_co_holders_sent_apart_are_one_contract"),
    ("lots_share_number", "Plusieurs lots portent le même numéro ; ils restent distincts.", FLAGGED, "test_lots_sharing_a_number_stay_distinct"),
    ("number_shared_by_kinds", "Un marché et une concession portent le même numéro ; ils restent distincts.", FLAGGED, "test_a_contract_and_a_concession_stay_apart"),
    ("reissued_number", "Un autre contrat du même acheteur a la même racine de numéro (deux derniers chiffres de modification) et le même objet : peut-être le même, non fusionné.", FLAGGED, "test_a_reissued_2019_number_is_flagged_never_merged"),
    ("buyer_missing", "L’acheteur n’est pas donné.", FLAGGED, "test_a_contract_without_buyer_is_kept"),
    ("buyer_id_wrong", "Le SIRET de l’acheteur est faux (longueur ou clé).", FLAGGED, "test_a_wrong_buyer_siret_is_flagged"),
    ("number_missing", "Le contrat n’a pas de numéro.", FLAGGED, "test_a_contract_without_number_is_kept"),
    ("holder_missing", "Aucun titulaire n’est donné.", FLAGGED, "test_a_contract_without_holder_is_kept"),
    ("holder_id_not_siret", "L’identifiant d’un titulaire dit SIRET n’a pas 14 chiffres.", FLAGGED, "test_a_holder_id_of_the_wrong_length_is_flagged"),
    ("holder_id_bad_key", "La clé du SIRET d’un titulaire est fausse.", FLAGGED, "test_a_holder_siret_with_a_wrong_key_is_flagged"),
    ("holder_kind_off_list", "Le type d’identifiant d’un titulaire est hors liste ; il est ramené à la liste quand il est reconnu.", REPAIRED, "test_an_identifier_kind_off_the_list_is_recognised"),
    ("nested_holders", "Les titulaires sont emboîtés dans des listes ; ils sont remis à plat.", REPAIRED, "test_holders_nested_in_lists_are_flattened"),
    ("modifications_shape", "Les modifications ne sont pas une liste ; elles sont lues quand c’est possible.", REPAIRED, "test_modifications_given_as_text_or_object_are_read"),
    # labels and codes
    ("cpv_missing", "Le code CPV est absent.", FLAGGED, "test_a_missing_cpv_is_flagged"),
    ("cpv_malformed", "Le code CPV est mal formé ; il est lu comme une absence.", FLAGGED, "test_a_malformed_cpv_is_an_absence"),
    ("cpv_prefix", "Le code CPV est précédé d’autre chose (« INX 28213700-5 ») ; les huit chiffres sont gardés.", REPAIRED, "test_a_cpv_with_a_prefix_is_read"),
    ("procedure_off_list", "La procédure est hors liste ; elle est ramenée à la liste quand elle est reconnue.", REPAIRED, "test_a_procedure_off_the_list_is_recognised"),
    ("nature_off_list", "La nature est hors liste ; elle est ramenée à la liste quand elle est reconnue.", REPAIRED, "test_a_nature_off_the_list_is_recognised"),
    ("place_kind_off_list", "Le type de lieu est hors liste ou absent ; il est ramené à la liste quand il est reconnu.", REPAIRED, "test_a_place_kind_off_the_list_is_recognised"),
    ("place_code_alphabetic", "Le code du lieu n’est pas un code (« INO ») ; il est gardé sans type.", FLAGGED, "test_an_alphabetic_place_code_has_no_kind"),
    ("offers_zero", "Le nombre d’offres reçues est nul : lu comme une absence.", FLAGGED, "test_zero_offers_is_an_absence"),
    ("duration_absurd", "La durée est nulle, négative ou de plus de 180 mois (360 pour une concession) : lue comme une absence.", FLAGGED, "test_an_absurd_duration_is_an_absence"),
    ("consideration_off_list", "Une considération sociale ou environnementale est hors liste ; elle n’est pas interprétée.", FLAGGED, "test_a_consideration_off_the_list_is_not_interpreted"),
    # records and files
    ("null_contract", "L’entrée n’est pas un contrat (vide, texte ou nombre).", REJECTED, "test_a_null_contract_is_rejected"),
    ("empty_record", "L’entrée ne porte aucun champ connu des DECP.", REJECTED, "test_a_record_without_any_known_field_is_rejected"),
    ("broken_record", "Le contrat est illisible ; ses voisins sont lus.", REJECTED, "test_a_broken_record_never_loses_its_neighbours"),
    ("record_too_large", "Le contrat dépasse la taille permise.", REJECTED, "test_a_huge_record_is_rejected"),
    ("record_too_deep", "Le contrat est emboîté au-delà de la profondeur permise.", REJECTED, "test_a_nesting_bomb_is_rejected"),
    ("truncated", "Le fichier s’arrête avant sa fin ; ce qui précède est lu.", REJECTED, "test_a_truncated_file_gives_what_came_before"),
    ("xml_dtd", "Le XML déclare une DTD ou des entités : refusé.", REJECTED, "test_a_dtd_is_refused"),
    ("bomb", "L’archive se décompresse au-delà de ce qui est permis : refusée.", REJECTED, "test_a_bomb_is_refused"),
    ("not_decp", "Le fichier n’est pas une donnée essentielle de la commande publique.", REJECTED, "test_what_is_not_decp_is_refused_and_the_others_continue"),
)  # fmt: skip

DEFECTS: dict[str, Defect] = {row[0]: Defect(*row) for row in _ROWS}
