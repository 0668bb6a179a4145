#include "authmod/account/avatar.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(avatar)

BOOST_AUTO_TEST_CASE(J3_raster_images_are_known_by_their_first_bytes) {
    struct row {
        std::string bytes;
        std::string_view type; // empty: refused
    };

    row const rows[] = {
        {"\x89PNG\r\n\x1a\n"s + "rest", "image/png"},
        {"\xff\xd8\xff\xe0"s, "image/jpeg"},
        {"GIF87a"s, "image/gif"},
        {"GIF89a..."s, "image/gif"},
        {"RIFF\0\0\0\0WEBPVP8 "s, "image/webp"},
        {"RIFF\0\0\0\0WAVEfmt "s, ""},
        {"RIFF\0\0\0\0WEB"s, ""},
        {"\x89PNG\r\n\x1a"s, ""},
        {"GIF88a"s, ""},
        {"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"s, ""},
        {"<?xml version=\"1.0\"?><svg/>"s, ""},
        {"<!DOCTYPE html>"s, ""},
        {" \x89PNG\r\n\x1a\n"s, ""},
        {"BM"s, ""},
        {""s, ""},
    };
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.bytes) BOOST_TEST(image_media_type(r.bytes).value_or("") == r.type);
}

BOOST_AUTO_TEST_CASE(J3_one_mebibyte_is_the_limit) {
    std::string image = "GIF89a";
    image.resize(max_image_bytes, 'x');
    BOOST_TEST(image_media_type(image).has_value());
    image += 'x';
    BOOST_TEST(!image_media_type(image));
}

BOOST_AUTO_TEST_SUITE_END()
