#include "samples/names.h"

namespace sodality::samples {
namespace {

using Names = const std::string_view[];

constexpr Names kEnglishGiven = {"Amina", "Ruth",   "Joseph", "Grace",
                                 "Dana",  "Marcus", "Leroy",  "Imani"};
constexpr Names kEnglishFamily = {"Okafor",    "Whitfield", "O'Shea", "Barnes",
                                  "Tran-Cole", "Mbeki",     "Hollis", "Stone"};
constexpr Names kSpanishGiven = {"María", "José",  "Lucía", "Ángel",
                                 "Nuria", "Iñaki", "Inés",  "Raúl"};
constexpr Names kSpanishFamily = {"González",  "Muñoz",    "Ibáñez", "Peña",
                                  "Velázquez", "Cárdenas", "Núñez",  "Lorca"};
constexpr Names kFrenchGiven = {"Élodie", "François", "Zoë", "Jérôme"};
constexpr Names kFrenchFamily = {"Lefèvre", "D'Aubigné", "Çelik-Noël", "Bœuf"};
constexpr Names kNordicGiven = {"Søren", "Åsa", "Björk", "Þóra"};
constexpr Names kNordicFamily = {"Sørensen", "Ångström", "Jónsdóttir",
                                 "Straße"};
constexpr Names kPolishGiven = {"Łucja", "Zbigniew", "Świętosława", "Żaneta"};
constexpr Names kPolishFamily = {"Wałęsiak", "Dąbrowska", "Źrebiec",
                                 "Ćwikliński"};
constexpr Names kVietnameseGiven = {"Hương", "Đức", "Phượng", "Quỳnh"};
constexpr Names kVietnameseFamily = {"Nguyễn", "Trần", "Đặng", "Phạm"};
constexpr Names kRussianGiven = {"Ольга", "Фёдор", "Надежда", "Юрий"};
constexpr Names kRussianFamily = {"Королёва", "Щукин", "Жданова", "Ельцов"};
constexpr Names kGreekGiven = {"Ελένη", "Γιώργος", "Άννα", "Θεόδωρος"};
constexpr Names kGreekFamily = {"Παππάς", "Νικολαΐδης", "Κωστοπούλου",
                                "Βλάχος"};
constexpr Names kArabicGiven = {"ليلى", "يوسف", "سميرة", "خالد"};
constexpr Names kArabicFamily = {"الحداد", "منصور", "القاسم", "النجار"};
constexpr Names kHebrewGiven = {"נעמי", "אלון", "תמר", "יונתן"};
constexpr Names kHebrewFamily = {"לוי", "שפירא", "ברק", "רוזנטל"};
constexpr Names kHindiGiven = {"प्रिया", "अर्जुन", "सुनीता", "विक्रम"};
constexpr Names kHindiFamily = {"शर्मा", "गुप्ता", "पटेल", "सिंह"};
constexpr Names kChineseGiven = {"小明", "美玲", "志强", "淑芬"};
constexpr Names kChineseFamily = {"王", "李", "陳", "歐陽"};
constexpr Names kJapaneseGiven = {"さくら", "健太", "アヤ", "直美"};
constexpr Names kJapaneseFamily = {"佐藤", "高橋", "渡辺", "小林"};
constexpr Names kKoreanGiven = {"민준", "서연", "지우", "하은"};
constexpr Names kKoreanFamily = {"김", "이", "박", "최"};
constexpr Names kThaiGiven = {"สมชาย", "มาลี", "อรุณ", "ดวงใจ"};
constexpr Names kThaiFamily = {"แก้วใส", "ทองดี", "ศรีสุข", "บุญมา"};

constexpr NameList kLists[] = {
    {"English", kEnglishGiven, kEnglishFamily},
    {"Spanish", kSpanishGiven, kSpanishFamily},
    {"French", kFrenchGiven, kFrenchFamily},
    {"Danish", kNordicGiven, kNordicFamily},
    {"Polish", kPolishGiven, kPolishFamily},
    {"Vietnamese", kVietnameseGiven, kVietnameseFamily},
    {"Russian", kRussianGiven, kRussianFamily},
    {"Greek", kGreekGiven, kGreekFamily},
    {"Arabic", kArabicGiven, kArabicFamily},
    {"Hebrew", kHebrewGiven, kHebrewFamily},
    {"Hindi", kHindiGiven, kHindiFamily},
    {"Mandarin", kChineseGiven, kChineseFamily},
    {"Japanese", kJapaneseGiven, kJapaneseFamily},
    {"Korean", kKoreanGiven, kKoreanFamily},
    {"Thai", kThaiGiven, kThaiFamily}};

}  // namespace

std::span<const NameList> NameLists() { return kLists; }

}  // namespace sodality::samples
